using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Console output, with colours on a terminal and without them elsewhere. The variable NO_COLOR disables colours.</summary>
internal static class Terminal
{
    /// <summary>Width for redirected output, so that lines are not wrapped.</summary>
    private const int UnlimitedWidth = 100_000;

    /// <summary>Default size of a terminal that reports none, as under some service managers. Progress bars need a size.</summary>
    private const int DefaultWidth = 80, DefaultHeight = 24;

    public static IAnsiConsole Output() => For(Console.Out, Console.IsOutputRedirected);

    /// <summary>Prints the reason of a failure on standard error.</summary>
    public static void Fail(string message)
        => For(Console.Error, Console.IsErrorRedirected).MarkupLine($"[red]{Markup.Escape(message)}[/]");

    /// <summary>Formats a search hit as one line.</summary>
    /// <param name="video">Name of its video; null omits it.</param>
    public static string Line(JsonNode? hit, string? video = null)
    {
        var confidence = (string?)hit?["confidence"] ?? "";
        var colour = confidence switch { "high" => "green", "medium" => "yellow", _ => "grey" };
        var words = (hit?["metadata"] as JsonArray ?? []).Select(match => (string?)match?["text"]).FirstOrDefault(text => text is not null);
        var times = string.Create(CultureInfo.InvariantCulture,
            $"{(double?)hit?["start"],7:0.0} - {(double?)hit?["end"],5:0.0} s   score {(double?)hit?["score"],4:0.0}   ");
        var name = video is null ? "" : $"[bold]{Markup.Escape(video)}[/]  ";
        return $"  {times}[{colour}]{confidence,-6}[/]  {name}{Markup.Escape(words ?? "")}".TrimEnd();
    }

    /// <summary>Reads hidden input after a prompt; reads a line of standard input if that is not a terminal.</summary>
    public static string AskHidden(string prompt)
    {
        if (Console.IsInputRedirected)
            return Console.In.ReadLine() ?? "";
        Console.Write(prompt);
        var typed = new StringBuilder();
        for (var key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (!char.IsControl(key.KeyChar))
                typed.Append(key.KeyChar);
        }
        Console.WriteLine();
        return typed.ToString();
    }

    private static IAnsiConsole For(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (isRedirected)
            console.Profile.Width = UnlimitedWidth;
        else if (console.Profile is { Width: <= 0 } or { Height: <= 0 })
            (console.Profile.Width, console.Profile.Height) = (DefaultWidth, DefaultHeight);
        return console;
    }
}
