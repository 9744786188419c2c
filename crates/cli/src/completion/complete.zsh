#compdef @PROGRAM@
# zsh completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

_@PROGRAM@() {
    local answer line directive
    local -a names nospace
    answer=$("${words[1]}" @ASK@ "${(@Q)words[2,CURRENT]}" 2>/dev/null) || return
    directive=${answer##*:}
    (( directive & 1 )) && return 1
    [[ ${words[CURRENT]} == -*=* ]] && compset -P '*='
    for line in "${(@f)answer%:*}"; do
        [[ -z $line || $line == _activeHelp_* ]] && continue
        line=${line//:/\\:}
        names+=("${line/$'\t'/:}")
    done
    (( directive & 2 )) && nospace=(-S '')
    if (( ${#names} )); then
        _describe -V completions names "${nospace[@]}"
    elif (( !(directive & 4) )); then
        _files
    fi
}

# Works both ways: sourced, and as a file of fpath, where the first call is to complete.
if [[ $funcstack[1] == _@PROGRAM@ ]]; then
    _@PROGRAM@ "$@"
else
    compdef _@PROGRAM@ @PROGRAM@
fi
