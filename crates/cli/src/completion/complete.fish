# fish completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

function __@PROGRAM@_complete
    set -l words (commandline -opc)
    set -l answer ($words[1] @ASK@ $words[2..-1] (commandline -ct) 2>/dev/null)
    or return
    set -l directive (string replace ':' '' -- $answer[-1])
    set -e answer[-1]
    set -l found 0
    for line in $answer
        string match -q '_activeHelp_*' -- $line; and continue
        set found 1
        echo $line
    end
    if test $found -eq 0; and test (math "floor($directive / 4) % 2") -eq 0
        __fish_complete_path (commandline -ct)
    end
end

complete -c @PROGRAM@ -f -a '(__@PROGRAM@_complete)'
