#compdef @PROGRAM@
# zsh completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

_@PROGRAM@() {
    local answer line directive
    local -a names
    answer=$("${words[1]}" @ASK@ "${(@)words[2,CURRENT]}" 2>/dev/null) || return
    directive=${answer##*:}
    for line in "${(@f)answer%:*}"; do
        [[ -z $line || $line == _activeHelp_* ]] && continue
        line=${line//:/\\:}
        names+=("${line/$'\t'/:}")
    done
    (( directive & 1 )) && return 1
    local -a nospace
    (( directive & 2 )) && nospace=(-S '')
    if (( ${#names} )); then
        _describe -V completions names "${nospace[@]}"
    elif (( !(directive & 4) )); then
        _files
    fi
}

compdef _@PROGRAM@ @PROGRAM@
