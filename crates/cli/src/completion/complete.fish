# fish completion for @PROGRAM@: asks the program itself, which answers one candidate a line and a directive at the end.

function __@PROGRAM@_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l answer ($words[1] @ASK@ $words[2..-1] $typed 2>/dev/null)
    or return
    set -l directive (string replace ':' '' -- $answer[-1])
    set -e answer[-1]
    # A candidate stands for the value alone; fish wants the whole word.
    set -l kept (string match -r -- '^-[^=]*=' $typed)
    or set kept ''
    set -l found 0
    for line in $answer
        string match -q '_activeHelp_*' -- $line; and continue
        set found 1
        echo $kept$line
    end
    if test $found -eq 0; and test (math "floor($directive / 4) % 2") -eq 0
        for path in (__fish_complete_path (string replace -r -- '^-[^=]*=' '' $typed))
            echo $kept$path
        end
    end
end

complete -c @PROGRAM@ -f -a '(__@PROGRAM@_complete)'
