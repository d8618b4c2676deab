using System.CommandLine;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu completion</c>: prints completion scripts for shells. The scripts call the program for the suggestions, so they work with
/// every version.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _vu() {
            local IFS=$'\n' found
            found=$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "$found" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _vu vu
        """;

    private const string Zsh = """
        _vu() {
            local line="${(j: :)words}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a found
            _files
        }
        compdef _vu vu
        """;

    private const string Fish = """
        function __vu_complete
            set -l line (commandline -cp)
            set -l program (commandline -po)[1]
            $program "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c vu -a '(__vu_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion",
            "Prints a script that completes verbs and options in a shell. For bash, in ~/.bashrc: source <(/path/to/vu completion bash)")
        {
            shell,
        };
        command.SetAction(parsed => Console.WriteLine(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command;
    }
}
