using System.CommandLine;
using System.CommandLine.Completions;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu help</c>: same as <c>--help</c>.</summary>
internal static class HelpCommand
{
    public static Command Create(RootCommand root)
    {
        var verb = new Argument<string[]>("verb")
        {
            Description = "The verb to explain, such as: keys create.", Arity = ArgumentArity.ZeroOrMore, HelpName = "verb",
        };
        verb.CompletionSources.Add(_ => root.Subcommands.Select(command => new CompletionItem(command.Name)));
        var command = new Command("help", "Explains a verb, or lists all verbs.") { verb };
        command.SetAction((parsed, cancellationToken) =>
        {
            var words = parsed.GetValue(verb) ?? [];
            Command known = root;
            foreach (var word in words)
                known = known.Subcommands.FirstOrDefault(below => below.Name == word)
                    ?? throw new CommandFailure($"There is no verb {string.Join(' ', words)}. See: ./vu help");
            return root.Parse([.. words, "--help"]).InvokeAsync(parsed.InvocationConfiguration, cancellationToken);
        });
        return command;
    }
}
