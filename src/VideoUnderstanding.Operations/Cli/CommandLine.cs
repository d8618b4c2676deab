using System.CommandLine;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Starts the server and returns when it has stopped. The server itself belongs to the executable, which passes this function to
/// the verbs.</summary>
/// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
/// <param name="settings">Settings of the verb. They take precedence over <paramref name="args"/>.</param>
/// <param name="whenStarted">Called once the server listens.</param>
public delegate Task ServeServer(
    IReadOnlyList<string> args, IReadOnlyDictionary<string, string?> settings, Func<StartedServer, Task> whenStarted,
    CancellationToken cancellationToken);

/// <summary>A server that listens.</summary>
/// <param name="Url">The first address that it listens on.</param>
public sealed record StartedServer(string Url, IServiceProvider Services);

/// <summary>The verbs of <c>vu</c>.</summary>
public static class CommandLine
{
    /// <summary>Exit code after Ctrl-C, as shells expect it.</summary>
    private const int Interrupted = 130;

    /// <param name="serveVerb">Makes the verb that starts the server and waits for its end, for the settings of the command line.</param>
    /// <param name="serve">Starts the server for a verb that works with it.</param>
    /// <returns>The exit code: 0, 1 for a failure that was told in a sentence, 130 after an interruption.</returns>
    public static async Task<int> RunAsync(string[] args, Func<IReadOnlyList<string>, Command> serveVerb, ServeServer serve)
    {
        using var stop = new StopSignal();
        try
        {
            // Signals are left to the verb: the server needs more than the two seconds a default would grant it.
            var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
            var (settings, rest) = ServerArguments.Split(args);
            return await Create(serveVerb(settings), serve, settings).Parse([.. rest]).InvokeAsync(configuration, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception told)
            when (told is DatabaseUnavailableException or ModelUnavailableException
                or Microsoft.Extensions.Options.OptionsValidationException or EvaluationSetException
                or BackupException or CommandFailure)
        {
            Terminal.Fail(told.Message);
            return 1;
        }
        catch (InvalidOperationException unread) when (unread.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // A value that is no number, no time, and so on. The message names the setting and the value.
            Terminal.Fail(unread.Message);
            return 1;
        }
        catch (Exception unreachable) when (UnreachableDatabase.Sentence(unreachable) is { } sentence)
        {
            Terminal.Fail(sentence);
            return 1;
        }
        catch (Exception unexpected)
        {
            await Console.Error.WriteLineAsync(unexpected.ToString());
            return 1;
        }
    }

    /// <param name="settings">Those of the command line, as <c>--Section:Name=value</c>.</param>
    public static RootCommand Create(Command serveVerb, ServeServer serve, IReadOnlyList<string> settings)
    {
        var root = new RootCommand("Finds moments in videos by what is seen, said and written. See README.md.")
        {
            serveVerb,
            KeysCommand.Create(settings),
            WebhooksCommand.Create(settings),
            IntegrationsCommand.Create(settings),
            DashboardCommand.Create(settings),
            LogosCommand.Create(settings),
            ModelsCommand.Create(settings),
            BackupCommand.Create(settings),
            RestoreCommand.Create(settings),
            DoctorCommand.Create(settings),
            DemoCommand.Create(serve, settings),
            SearchCommand.Create(),
            IndexCommand.Create(),
            EvalCommand.Create(settings),
            CalibrateCommand.Create(settings),
            CompletionCommand.Create(),
        };
        root.Add(HelpCommand.Create(root));
        foreach (var option in SettingsForHelp())
            root.Add(option);
        RefuseOptionsAsArguments(root);
        return root;
    }

    /// <summary>Settings are taken out before the command line is parsed. These options only show them in the help of every verb.</summary>
    private static Option[] SettingsForHelp() =>
    [
        new Option<string>(ServerArguments.Data)
        {
            Description = "The data folder. Default: VideoUnderstanding:DataFolder, or ./data.", HelpName = "FOLDER", Recursive = true,
        },
        new Option<string>(ServerArguments.Urls) { Description = "Where the server listens.", HelpName = "URL", Recursive = true },
        new Option<string>("--VideoUnderstanding:Name")
        {
            Description = "Any setting of docs/configuration.md.", HelpName = "VALUE", Recursive = true,
        },
    ];

    /// <summary>A misspelt option must not pass as an argument.</summary>
    private static void RefuseOptionsAsArguments(Command command)
    {
        foreach (var argument in command.Arguments)
        {
            argument.Validators.Add(result =>
            {
                if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } option)
                    result.AddError($"Unknown option: {option.Value}.");
            });
        }
        foreach (var verb in command.Subcommands)
            RefuseOptionsAsArguments(verb);
    }
}
