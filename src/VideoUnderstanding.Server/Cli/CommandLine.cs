using System.CommandLine;
using Microsoft.AspNetCore.Connections;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Server.Backups;
using VideoUnderstanding.Server.Database;
using VideoUnderstanding.Server.Evaluation.Sets;

namespace VideoUnderstanding.Server.Cli;

/// <summary>The verbs of <c>vu</c>.</summary>
public static class CommandLine
{
    /// <summary>Exit code after Ctrl-C, as shells expect it.</summary>
    private const int Interrupted = 130;

    /// <returns>The exit code: 0, 1 for a failure that was told in a sentence, 130 after an interruption.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stop = new StopSignal();
        try
        {
            // Signals are left to the verb: the server needs more than the two seconds a default would grant it.
            var configuration = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
            return await Create().Parse(args).InvokeAsync(configuration, stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception told) when (told is DatabaseUnavailableException or ModelUnavailableException or Microsoft.Extensions.Options.OptionsValidationException or EvaluationSetException
            or BackupException or CommandFailure)
        {
            await Console.Error.WriteLineAsync(told.Message);
            return 1;
        }
        catch (InvalidOperationException unread) when (unread.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // A value that is no number, no time, and so on. The message names the setting and the value.
            await Console.Error.WriteLineAsync(unread.Message);
            return 1;
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{taken.Message} Choose another with ASPNETCORE_URLS or --urls=http://127.0.0.1:PORT.");
            return 1;
        }
        catch (Exception unreachable) when (UnreachableDatabase.Sentence(unreachable) is { } sentence)
        {
            await Console.Error.WriteLineAsync(sentence);
            return 1;
        }
        catch (Exception unexpected)
        {
            await Console.Error.WriteLineAsync(unexpected.ToString());
            return 1;
        }
    }

    public static RootCommand Create() => new("Finds moments in videos by what is seen, said and written. See README.md.")
    {
        ServeCommand.Create(),
        KeysCommand.Create(),
        WebhooksCommand.Create(),
        DashboardCommand.Create(),
        LogosCommand.Create(),
        ModelsCommand.Create(),
        BackupCommand.Create(),
        RestoreCommand.Create(),
        DoctorCommand.Create(),
        DemoCommand.Create(),
        EvalCommand.Create(),
        CalibrateCommand.Create(),
    };
}
