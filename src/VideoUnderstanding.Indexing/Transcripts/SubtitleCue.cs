using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>A subtitle cue. Times are seconds from the start of the video; the text is one line without markup.</summary>
public sealed record SubtitleCue(double Start, double End, string Text);

/// <summary>The result of parsing a subtitle file.</summary>
/// <param name="Cues">Cues in order of start.</param>
/// <param name="Dropped">Dropped lines in order; limited to the first ones.</param>
public sealed record SubtitleFile(IReadOnlyList<SubtitleCue> Cues, IReadOnlyList<DroppedLines> Dropped)
{
    /// <summary>Maximum ranges listed in a warning.</summary>
    private const int MaxNamed = 20;

    /// <summary>A message for the user with the dropped lines; null if there are none.</summary>
    public string? Warning
    {
        get
        {
            if (Dropped.Count == 0)
                return null;
            var named = string.Join(", ", Dropped.Take(MaxNamed).Select(lines => lines.Name));
            var more = Dropped.Count > MaxNamed ? " and others" : "";
            return $"The transcript was read without the lines {named}{more}. The first reason: {Dropped[0].Reason}.";
        }
    }
}

/// <summary>Consecutive dropped lines.</summary>
/// <param name="First">Number of the first line, from 1.</param>
/// <param name="Reason">Part of a sentence, without a full stop.</param>
public readonly record struct DroppedLines(int First, int Last, string Reason)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{First}") + (Last > First
        ? string.Create(CultureInfo.InvariantCulture, $"-{Last}") : "");
}

/// <summary>Collects dropped lines and merges adjacent ones.</summary>
internal sealed class DroppedLineList
{
    /// <summary>Maximum number of entries.</summary>
    private const int MaxEntries = 1_000;

    private readonly List<DroppedLines> _entries = [];

    public IReadOnlyList<DroppedLines> Entries => _entries;

    /// <param name="first">Index of the first line, from 0.</param>
    /// <param name="end">Index after the last line.</param>
    public void Add(int first, int end, string reason)
    {
        if (_entries.Count > 0 && _entries[^1].Last == first)
            _entries[^1] = _entries[^1] with { Last = end };
        else if (_entries.Count < MaxEntries)
            _entries.Add(new DroppedLines(first + 1, end, reason));
    }
}

/// <summary>Removes markup from cue text: HTML-like tags, voice and time tags, positioning braces, entities. White space becomes a single
/// space.</summary>
internal static partial class SubtitleMarkup
{
    public static string Strip(string text)
        => WhiteSpace().Replace(WebUtility.HtmlDecode(Tags().Replace(text, "")), " ").Trim();

    /// <summary>A tag begins with a letter, a slash or a digit, so that "3 &lt; 4" remains text.</summary>
    [GeneratedRegex(@"</?[A-Za-z][^<>\n]*>|<\d[\d:.,]*>|\{\\[^{}\n]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u200E\u200F\uFEFF]+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
