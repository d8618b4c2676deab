using System.Globalization;

namespace VideoUnderstanding.Indexing.Transcripts;

/// <summary>A stretch of a transcript. Times are seconds from the start of the video; the text is one line without markup.</summary>
public sealed record SubtitleCue(double Start, double End, string Text);

/// <summary>What was read from a file of subtitles.</summary>
/// <param name="Cues">In order of their start.</param>
/// <param name="Dropped">Lines that could not be read and were left out, in order. Of very many, the first.</param>
public sealed record SubtitleFile(IReadOnlyList<SubtitleCue> Cues, IReadOnlyList<DroppedLines> Dropped)
{
    /// <summary>Ranges that are named in a warning.</summary>
    private const int MostNamed = 20;

    /// <summary>A sentence for the user that names the dropped lines; null if there are none.</summary>
    public string? Warning
    {
        get
        {
            if (Dropped.Count == 0)
                return null;
            var named = string.Join(", ", Dropped.Take(MostNamed).Select(lines => lines.Name));
            var more = Dropped.Count > MostNamed ? " and others" : "";
            return $"The transcript was read without the lines {named}{more}. The first reason: {Dropped[0].Reason}.";
        }
    }
}

/// <summary>Consecutive lines of a file that were left out.</summary>
/// <param name="First">Number of the first line, from 1.</param>
/// <param name="Reason">A part of a sentence, without a full stop.</param>
public readonly record struct DroppedLines(int First, int Last, string Reason)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{First}") + (Last > First
        ? string.Create(CultureInfo.InvariantCulture, $"-{Last}") : "");
}

/// <summary>Collects dropped lines; neighbours become one entry.</summary>
internal sealed class DroppedLineList
{
    /// <summary>Entries that are kept; further ones say nothing new.</summary>
    private const int MostEntries = 1_000;

    private readonly List<DroppedLines> _entries = [];

    public IReadOnlyList<DroppedLines> Entries => _entries;

    /// <param name="first">Index of the first line, from 0.</param>
    /// <param name="end">Index after the last line.</param>
    public void Add(int first, int end, string reason)
    {
        if (_entries.Count > 0 && _entries[^1].Last == first)
            _entries[^1] = _entries[^1] with { Last = end };
        else if (_entries.Count < MostEntries)
            _entries.Add(new DroppedLines(first + 1, end, reason));
    }
}
