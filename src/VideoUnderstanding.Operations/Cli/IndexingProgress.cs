using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Where a video stands.</summary>
/// <param name="State">A word: <c>uploading</c>, or the status of the task.</param>
/// <param name="Percent">Of this state, 0 to 100.</param>
/// <param name="SecondsLeft">Null if nobody knows.</param>
internal sealed record IndexingStep(string State, double Percent, double? SecondsLeft)
{
    /// <param name="share">What was sent of the file, 0 to 1.</param>
    public static IndexingStep Uploading(double share) => new("uploading", share * 100, null);

    public static IndexingStep Of(JsonNode task) => new((string?)task["status"] ?? "", (double?)task["process"]?["percentage"] ?? 0,
        (double?)task["process"]?["remain_seconds"]);

    public override string ToString() => SecondsLeft is { } seconds
        ? string.Create(CultureInfo.InvariantCulture, $"{State} {Percent:0} %, about {seconds:0} s left")
        : string.Create(CultureInfo.InvariantCulture, $"{State} {Percent:0} %");
}

/// <summary>Follows a video from the upload until it can be searched: a bar on a terminal, elsewhere a line for every state and at most one
/// every ten seconds.</summary>
internal sealed class IndexingProgress(IAnsiConsole console, ServerClient client)
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);

    /// <param name="begin">Creates the task and returns its id. It may report how much was uploaded.</param>
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
            if (step.State == shown && TimeProvider.System.GetElapsedTime(shownAt) < BetweenLines)
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
            report(IndexingStep.Of(task));
            await Task.Delay(PollPause, cancellationToken);
        }
    }
}
