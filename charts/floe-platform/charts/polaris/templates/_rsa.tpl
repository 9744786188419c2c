{{- /*
A pair of RSA keys as Java reads them. The function genPrivateKey gives a private key of 4096 bits in PKCS#1; Java wants PKCS#8, and the public
key in a file of its own. Both are made from the same numbers with other bytes in front (RFC 8017, RFC 5208, RFC 5280), so here they are put
together. Of these bytes only the lengths of the private key vary.
*/ -}}

{{- /* A length as DER writes it between 256 and 65535: the byte 0x82 and two bytes. No function makes a byte of a number, but four characters
of base64 are three bytes. */ -}}
{{- define "polaris.derLength" -}}
{{- $alphabet := "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" -}}
{{- $number := add 8519680 . -}}
{{- $text := "" -}}
{{- range list 262144 4096 64 1 -}}
{{- $digit := mod (div $number .) 64 | int -}}
{{- $text = printf "%s%s" $text (substr $digit (add $digit 1 | int) $alphabet) -}}
{{- end -}}
{{- $text | b64dec -}}
{{- end -}}

{{- /* DER as a PEM text. label, der. */ -}}
{{- define "polaris.pem" -}}
{{- printf "-----BEGIN %s-----\n%s\n-----END %s-----\n" .label (regexFindAll ".{1,64}" (b64enc .der) -1 | join "\n") .label -}}
{{- end -}}

{{- /* The two PEM texts of a pair as JSON {public, private}, in base64, made of a private key in PKCS#1 (PEM). */ -}}
{{- define "polaris.rsaKeyPairOf" -}}
{{- $pkcs1 := regexReplaceAll "-----[^-]+-----|\\s" . "" | b64dec -}}
{{- $algorithm := "MA0GCSqGSIb3DQEBAQUA" | b64dec -}}
{{- /* PKCS#8: version 0, the algorithm, the key as it was. */ -}}
{{- $private := printf "%s%s%s%s%s" ("AgEA" | b64dec) $algorithm ("BA==" | b64dec) (include "polaris.derLength" (len $pkcs1)) $pkcs1 -}}
{{- $private = printf "%s%s%s" ("MA==" | b64dec) (include "polaris.derLength" (len $private)) $private -}}
{{- /* The public key: behind four bytes of head and three of the version come the modulus (517 bytes) and the exponent (5). The front is
the same for all keys of 4096 bits with the exponent 65537. */ -}}
{{- $public := printf "%s%s" ("MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCg==" | b64dec) (substr 7 529 $pkcs1) -}}
{{- dict "public" (include "polaris.pem" (dict "label" "PUBLIC KEY" "der" $public) | b64enc) "private" (include "polaris.pem" (dict "label" "PRIVATE KEY" "der" $private) | b64enc) | toJson -}}
{{- end -}}

{{- /* The pair that the Secret in the cluster holds, else a new one; empty texts without a cluster, as floe.secretData has it. root, secret. */ -}}
{{- define "polaris.rsaKeyPair" -}}
{{- $held := get (lookup "v1" "Secret" .root.Release.Namespace .secret) "data" | default dict -}}
{{- $public := get $held "public.pem" -}}
{{- $private := get $held "private.pem" -}}
{{- if and $public $private -}}
{{- dict "public" $public "private" $private | toJson -}}
{{- else if include "floe.online" . -}}
{{- include "polaris.rsaKeyPairOf" (genPrivateKey "rsa") -}}
{{- else -}}
{{- dict "public" "" "private" "" | toJson -}}
{{- end -}}
{{- end -}}
