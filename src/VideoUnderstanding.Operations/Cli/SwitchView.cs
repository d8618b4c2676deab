using System.Globalization;
using Spectre.Console;
using VideoUnderstanding.Indexing.Switching;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Shows the progress of a switch of models: a bar on a terminal, otherwise a line at most every ten seconds.</summary>
internal sealed class SwitchView(IAnsiConsole console)
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    public Task<bool> RunAsync(string name, Func<Action<SwitchProgress>, Task<bool>> work)
        => console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal ? OnTerminalAsync(name, work) : work(LineWriter(name));

    private Task<bool> OnTerminalAsync(string name, Func<Action<SwitchProgress>, Task<bool>> work)
        => console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new SpinnerColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(name));
                return work(progress =>
                {
                    bar.Description = $"{Markup.Escape(name)}  [grey]{Markup.Escape(Text(progress))}[/]";
                    bar.Value = Percent(progress);
                });
            });

    private Action<SwitchProgress> LineWriter(string name)
    {
        long? shownAt = null;
        return progress =>
        {
            if (shownAt is { } before && TimeProvider.System.GetElapsedTime(before) < LineInterval)
                return;
            shownAt = TimeProvider.System.GetTimestamp();
            console.WriteLine($"  {name}: {Text(progress)}");
        };
    }

    internal static string Text(SwitchProgress progress) => string.Create(CultureInfo.InvariantCulture,
        $"{Percent(progress):0} %, {Left(progress.Remaining)}{progress.Video}");

    private static string Left(TimeSpan? remaining) => remaining switch
    {
        null => "",
        { TotalMinutes: < 2 } seconds => string.Create(CultureInfo.InvariantCulture, $"about {seconds.TotalSeconds:0} s left, "),
        { TotalHours: < 2 } minutes => string.Create(CultureInfo.InvariantCulture, $"about {minutes.TotalMinutes:0} min left, "),
        { } hours => string.Create(CultureInfo.InvariantCulture, $"about {hours.TotalHours:0} h left, "),
    };

    private static double Percent(SwitchProgress progress) => progress.Total > 0 ? 100 * progress.Done / progress.Total : 100;
}
