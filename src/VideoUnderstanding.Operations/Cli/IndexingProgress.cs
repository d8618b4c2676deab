using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Progress of a video.</summary>
/// <param name="State"><c>uploading</c>, or the status of the task.</param>
/// <param name="Percent">Progress of this state, 0 to 100.</param>
/// <param name="SecondsLeft">Null if unknown.</param>
internal sealed record IndexingStep(string State, double Percent, double? SecondsLeft)
{
    /// <param name="share">Share of the file that was sent, 0 to 1.</param>
    public static IndexingStep Uploading(double share) => new("uploading", share * 100, null);

    public static IndexingStep FromTask(JsonNode task) => new((string?)task["status"] ?? "", (double?)task["process"]?["percentage"] ?? 0,
        (double?)task["process"]?["remain_seconds"]);

    public override string ToString() => SecondsLeft is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{State} {Percent:0} %, about {seconds:0} s left")
        : string.Create(CultureInfo.InvariantCulture, $"{State} {Percent:0} %");
}

/// <summary>Shows the progress of a video until it is ready or failed: a bar on a terminal, otherwise a line per state and at most one
/// every ten seconds.</summary>
internal sealed class IndexingProgress(IAnsiConsole console, ServerClient client)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    /// <param name="begin">Creates the task and returns its id. May report the progress of the upload.</param>
    /// <returns>The task, ready or failed.</returns>
    public Task<JsonNode> RunAsync(string name, Func<Action<IndexingStep>, Task<string>> begin, CancellationToken cancellationToken)
        => console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
            ? OnTerminalAsync(name, begin, cancellationToken)
            : FollowAsync(begin, LineWriter(name), cancellationToken);

    private Task<JsonNode> OnTerminalAsync(
        string name, Func<Action<IndexingStep>, Task<string>> begin, CancellationToken cancellationToken)
        => console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(name));
                return FollowAsync(begin, step =>
                {
                    bar.Description = $"{Markup.Escape(name)}  [grey]{Markup.Escape(step.ToString())}[/]";
                    bar.Value = step.Percent;
                }, cancellationToken);
            });

    private Action<IndexingStep> LineWriter(string name)
    {
        var (shown, shownAt) = ("", 0L);
        return step =>
        {
            if (step.State == shown && TimeProvider.System.GetElapsedTime(shownAt) < LineInterval)
                return;
            (shown, shownAt) = (step.State, TimeProvider.System.GetTimestamp());
            console.WriteLine($"  {name}: {step}");
        };
    }

    private async Task<JsonNode> FollowAsync(
        Func<Action<IndexingStep>, Task<string>> begin, Action<IndexingStep> report, CancellationToken cancellationToken)
    {
        var id = await begin(report);
        while (true)
        {
            var task = await client.TaskAsync(id, cancellationToken);
            if ((string?)task["status"] is "ready" or "failed")
                return task;
            report(IndexingStep.FromTask(task));
            await Task.Delay(PollInterval, cancellationToken);
        }
    }
}
