using System.CommandLine;
using System.Runtime.InteropServices;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Operations.Backups;
using VideoUnderstanding.Operations.Database;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Runs the server until it stops. The executable passes this function to the verbs.</summary>
/// <param name="args">Settings as <c>--Section:Name=value</c>.</param>
/// <param name="settings">Settings of the verb. They take precedence over <paramref name="args"/>.</param>
/// <param name="whenStarted">Called once the server listens.</param>
public delegate Task ServeServer(
    IReadOnlyList<string> args, IReadOnlyDictionary<string, string?> settings, Func<StartedServer, Task> whenStarted,
    CancellationToken cancellationToken);

/// <summary>A server that listens.</summary>
/// <param name="Url">First address on which it listens.</param>
public sealed record StartedServer(string Url, IServiceProvider Services);

/// <summary>The verbs of <c>vu</c>.</summary>
public static class CommandLine
{
    /// <summary>Exit code after Ctrl-C, by the convention of shells.</summary>
    private const int Interrupted = 130;

    /// <param name="serveVerb">Creates the verb that runs the server, for the settings of the command line.</param>
    /// <param name="serve">Runs the server for verbs that need it.</param>
    /// <returns>Exit code: 0 for success, 1 for a failure, 130 after an interruption.</returns>
    public static async Task<int> RunAsync(string[] args, Func<IReadOnlyList<string>, Command> serveVerb, ServeServer serve)
    {
        using var stop = new StopSignal();
        try
        {
            // The verb handles signals, because the server needs more than the default of two seconds.
            var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
            var (settings, rest) = ServerArguments.Split(args);
            return await Create(serveVerb(settings), serve, settings).Parse([.. rest]).InvokeAsync(configuration, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception failure)
            when (failure is DatabaseUnavailableException or ModelUnavailableException
                or Microsoft.Extensions.Options.OptionsValidationException or EvaluationSetException
                or BackupException or OldLayoutException or CommandFailure)
        {
            Terminal.Fail(failure.Message);
            return 1;
        }
        catch (InvalidOperationException failure) when (failure.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // A setting has a value of the wrong type. The message contains setting and value.
            Terminal.Fail(failure.Message);
            return 1;
        }
        catch (Exception failure) when (UnreachableDatabase.Sentence(failure) is { } sentence)
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

    /// <param name="settings">Settings as <c>--Section:Name=value</c>.</param>
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
        RejectOptionsAsArguments(root);
        return root;
    }

    /// <summary>Settings are removed before the command line is parsed. These options only add them to the help of every verb.</summary>
    private static Option[] SettingsForHelp() =>
    [
        new Option<string>(ServerArguments.Data)
        {
            Description = "The data folder. Default: VideoUnderstanding:DataFolder, or ./data.", HelpName = "FOLDER", Recursive = true,
        },
        new Option<string>(ServerArguments.Urls) { Description = "Listen address of the server.", HelpName = "URL", Recursive = true },
        new Option<string>("--VideoUnderstanding:Name")
        {
            Description = "Any setting of docs/configuration.md.", HelpName = "VALUE", Recursive = true,
        },
    ];

    /// <summary>Rejects misspelt options, which would otherwise be parsed as arguments.</summary>
    private static void RejectOptionsAsArguments(Command command)
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
            RejectOptionsAsArguments(verb);
    }
}

/// <summary>A verb failed. The message is shown to the user unchanged, and the exit code is 1.</summary>
public sealed class CommandFailure(string message) : Exception(message);

/// <summary>Converts SIGINT and SIGTERM to a cancellation token, so that the database, downloads and other work end in an orderly
/// way.</summary>
public sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignal() => _registrations = [Register(PosixSignal.SIGINT), Register(PosixSignal.SIGTERM)];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private PosixSignalRegistration Register(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _source.Cancel();
    });
}
