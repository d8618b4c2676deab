using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Places where the very words were spoken in their order, also across the border of two segments.</summary>
internal sealed class ExactSpeechFragments(ClipReader reader, IOptions<VideoSearchOptions> options)
{
    /// <summary>Words of the phrase that are looked up; the longest are the rarest.</summary>
    private const int NarrowingWords = 4;

    /// <summary>Segments without a word ("♪") that a phrase may run across.</summary>
    private const int Wordless = 2;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, double score, CancellationToken cancellationToken)
    {
        var phrase = PlainWords.Of(text);
        if (phrase.Count == 0)
            return [];
        // Each word of the phrase stands in one segment, so all of it is so far from any of them at most.
        var reach = phrase.Count == 1 ? 0 : phrase.Count - 1 + Wordless;
        var rarest = phrase.Distinct().OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal)
            .Take(NarrowingWords).ToList();
        var fragments = new List<Fragment>();
        var run = new List<TextRow>();
        await foreach (var row in reader.TextAroundAsync(scope, SourceNames.Speech, rarest, reach, cancellationToken))
        {
            if (run.Count > 0 && (run[^1].VideoId != row.VideoId || row.Number > run[^1].Number + 1))
            {
                Add(fragments, run, phrase, score);
                if (fragments.Count >= options.Value.Clips && run[^1].VideoId != row.VideoId)
                    return fragments;
                run.Clear();
            }
            run.Add(row);
        }
        Add(fragments, run, phrase, score);
        return fragments;
    }

    private static void Add(List<Fragment> fragments, List<TextRow> run, IReadOnlyList<string> phrase, double score)
    {
        if (run.Count > 0)
            fragments.AddRange(PhraseFinder.Find(phrase, [.. run.Select(row => new TimedText(row.Start, row.End, row.Text))])
                .Select(hit => new Fragment(run[0].VideoId, hit.Start, hit.End, IndexOptions.Conversation, score, hit.Text)));
    }
}

/// <summary>Sources of text as the table holds them.</summary>
internal static class SourceNames
{
    public const string Speech = "speech";
    public const string Screen = "screen";

    /// <summary>The same text, which may be written into a statement.</summary>
    internal static string Known(string source)
        => source is Speech or Screen ? source : throw new ArgumentOutOfRangeException(nameof(source), source, null);
}
