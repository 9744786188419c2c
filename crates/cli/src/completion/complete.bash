# bash completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

# Readline also cuts words at '=' and ':', so that `--values=a` and `oci://b` arrive as several. This joins the pieces that stand together.
_@PROGRAM@_words() {
    local rest=${COMP_LINE:0:COMP_POINT} piece i
    words=()
    for ((i = 0; i <= COMP_CWORD; i++)); do
        piece=${COMP_WORDS[i]}
        if ((i == COMP_CWORD)); then
            piece=${rest#"${rest%%[![:space:]]*}"}
        fi
        if ((i > 0)) && [[ $rest != [[:space:]]* && -n $rest ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$piece"}
    done
    # Quotes are the shell's own; nothing is evaluated, so a $(command) that is being typed does not run.
    for i in "${!words[@]}"; do
        case ${words[i]} in
            \'*) piece=${words[i]#\'} words[i]=${piece%\'} ;;
            \"*) piece=${words[i]#\"} words[i]=${piece%\"} ;;
            *\\*) words[i]=${words[i]//\\/} ;;
        esac
    done
}

_@PROGRAM@_complete() {
    local words answer directive line name current kept=
    COMPREPLY=()
    _@PROGRAM@_words
    answer=$("${words[0]}" __completeNoDesc "${words[@]:1}" 2>/dev/null) || return
    directive=${answer##*:}
    answer=${answer%:*}
    if (((directive & 1) != 0)); then
        return
    fi
    current=${words[${#words[@]} - 1]}
    if [[ $current == -*=* ]]; then
        current=${current#*=}
    fi
    # What readline keeps of the word before the piece that it replaces.
    if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
        kept=${current%"${current##*:}"}
    fi
    while IFS= read -r line; do
        name=${line%%$'\t'*}
        if [[ -n $name && $name != _activeHelp_* && $name == "$current"* ]]; then
            COMPREPLY+=("${name#"$kept"}")
        fi
    done <<< "$answer"
    if (((directive & 2) != 0)); then
        compopt -o nospace 2>/dev/null
    fi
    if (((directive & 4) == 0 && ${#COMPREPLY[@]} == 0)); then
        compopt -o filenames -o default 2>/dev/null
    fi
}

complete -F _@PROGRAM@_complete @PROGRAM@
