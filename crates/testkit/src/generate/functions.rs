//! The functions that generated templates call, with what kind of argument makes sense where.
//!
//! A kind is one letter: `s` text, `i` integer, `k` a small integer, `f` float, `N` any number, `b` boolean, `l` list, `L` list of
//! texts, `d` map, `a` anything, `t` time, `r` regular expression, `v` version, `c` constraint, `p` path, `u` URL, `y` YAML
//! text, `j` JSON text, `o` TOML text, `x` date layout, `g` duration, `n` format of printf, `z` time zone. A `*` repeats the one before.
//! Left out: what the reference does not repeat (random numbers, keys, clock, the order of `keys` and `values`), and what is slow.

/// A function that a generated expression may call.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) name: &'static str,
    pub(super) params: &'static [u8],
    pub(super) variadic: bool,
    pub(super) result: u8,
}

/// All functions, in the order of the table.
pub(super) fn all() -> Vec<Function> {
    TABLE.lines().filter_map(read).collect()
}

fn read(line: &'static str) -> Option<Function> {
    let (name, rest) = line.split_once(' ')?;
    let (params, result) = rest.split_once('>')?;
    let params = params.trim();
    let variadic = params.ends_with('*');
    let params = params.trim_end_matches('*').as_bytes();
    Some(Function { name, params, variadic, result: *result.trim().as_bytes().first()? })
}

const TABLE: &str = "\
abbrev is>s
abbrevboth iis>s
add NN*>i
add1 N>i
add1f N>f
addf NN*>f
adler32sum s>s
all aa*>b
and aa*>a
any aa*>b
append la>l
atoi s>i
b32dec s>s
b32enc s>s
b64dec s>s
b64enc s>s
base p>p
camelcase s>s
cat aa*>s
ceil N>f
chunk kl>l
clean p>p
coalesce aa*>a
compact l>l
concat ll*>l
contains ss>b
date xt>s
dateInZone xtz>s
dateModify gt>t
date_in_zone xtz>s
date_modify gt>t
deepCopy a>a
deepEqual aa>b
default aa>a
dict sa>d
dict sasa>d
dig ssad>a
dig sad>a
dir p>p
div NN>i
divf NN*>f
duration N>s
durationRound g>s
empty a>b
eq aa*>b
eq ss>b
ext p>p
first l>a
float64 a>f
floor N>f
fromJson j>d
fromJsonArray j>l
fromToml o>d
fromYaml y>d
fromYamlArray y>l
ge NN>b
ge ss>b
get ds>a
gt NN>b
gt ss>b
has al>b
hasKey ds>b
hasPrefix ss>b
hasSuffix ss>b
hello >s
html a*>s
htmlDate t>s
htmlDateInZone tz>s
indent ks>s
index da*>a
index ds>a
index lk>a
initial l>l
initials s>s
int a>i
int64 a>i
isAbs p>b
join sl>s
js a*>s
kebabcase s>s
kindIs sa>b
kindOf a>s
last l>a
le NN>b
le ss>b
len a>i
len l>i
list a*>l
lower s>s
lt NN>b
lt ss>b
max NN*>i
maxf NN*>f
merge dd*>d
mergeOverwrite dd*>d
min NN*>i
minf NN*>f
mod NN>i
mul NN*>i
mulf NN*>f
mustAppend la>l
mustChunk kl>l
mustCompact l>l
mustDateModify gt>t
mustDeepCopy a>a
mustFirst l>a
mustFromJson j>a
mustHas al>b
mustInitial l>l
mustLast l>a
mustMerge dd*>d
mustMergeOverwrite dd*>d
mustPrepend la>l
mustRegexFind rs>s
mustRegexFindAll rsi>L
mustRegexMatch rs>b
mustRegexReplaceAll rss>s
mustRegexReplaceAllLiteral rss>s
mustRegexSplit rsi>L
mustRest l>l
mustReverse l>l
mustSlice lkk>l
mustToDate xs>t
mustToJson a>j
mustToPrettyJson a>s
mustToRawJson a>s
mustToToml d>o
mustToYaml a>y
mustUniq l>l
mustWithout la*>l
ne aa>b
ne ss>b
nindent ks>s
nospace s>s
not a>b
omit ds*>d
or aa*>a
osBase p>p
osClean p>p
osDir p>p
osExt p>p
osIsAbs p>b
pick ds*>d
pluck sdd*>l
plural ssi>s
prepend la>l
print a*>s
printf n>s
printf na>s
printf na>s
printf naa>s
printf naaa>s
println a*>s
quote a*>s
regexFind rs>s
regexFindAll rsi>L
regexMatch rs>b
regexQuoteMeta s>s
regexReplaceAll rss>s
regexReplaceAllLiteral rss>s
regexSplit rsi>L
repeat ks>s
replace sss>s
required sa>a
rest l>l
reverse l>l
round Nk>f
round Nkf>f
semver v>d
semverCompare cv>b
seq k>s
seq kk>s
seq kkk>s
set dsa>d
sha1sum s>s
sha256sum s>s
sha512sum s>s
slice lkk>l
slice sk>s
snakecase s>s
sortAlpha l>L
split ss>d
splitList ss>L
splitn sks>d
squote a*>s
sub NN>i
subf NN*>f
substr iis>s
swapcase s>s
ternary aab>a
title s>s
toDate xs>t
toDecimal a>i
toJson a>j
toPrettyJson a>s
toRawJson a>s
toString a>s
toStrings l>L
toToml d>o
toYaml a>y
toYamlPretty a>y
tpl sa>s
trim s>s
trimAll ss>s
trimPrefix ss>s
trimSuffix ss>s
trimall ss>s
trunc is>s
tuple a*>l
typeIs sa>b
typeIsLike sa>b
typeOf a>s
uniq l>l
unixEpoch t>s
unset ds>d
until k>l
untilStep kkk>l
untitle s>s
upper s>s
urlJoin d>u
urlParse u>d
urlquery a*>s
without la*>l
wrap is>s
wrapWith iss>s
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_function() {
        assert_eq!(all().len(), TABLE.lines().count());
        let kinds = b"sikfNblLdatrvcpuyjoxgnz";
        for function in all() {
            let known = |kind: &u8| kinds.contains(kind);
            assert!(function.params.iter().all(known) && known(&function.result), "{}", function.name);
            assert!(!function.variadic || !function.params.is_empty(), "{}", function.name);
        }
    }
}
