# bash completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

_@PROGRAM@_complete() {
    local current=${COMP_WORDS[COMP_CWORD]} answer directive line name
    COMPREPLY=()
    answer=$("${COMP_WORDS[0]}" __completeNoDesc "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return
    directive=${answer##*:}
    answer=${answer%:*}
    if (( (directive & 1) != 0 )); then
        return
    fi
    while IFS= read -r line; do
        name=${line%%$'\t'*}
        if [[ -n $name && $name != _activeHelp_* && $name == "$current"* ]]; then
            COMPREPLY+=("$name")
        fi
    done <<< "$answer"
    if (( (directive & 2) != 0 )); then
        compopt -o nospace 2>/dev/null
    fi
    if (( (directive & 4) == 0 && ${#COMPREPLY[@]} == 0 )); then
        compopt -o filenames -o default 2>/dev/null
    fi
}

complete -F _@PROGRAM@_complete @PROGRAM@
