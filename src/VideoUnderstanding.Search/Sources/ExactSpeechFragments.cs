using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Finds exact phrases in transcripts, also across segment boundaries.</summary>
internal sealed class ExactSpeechFragments(ClipReader reader, IOptions<VideoSearchOptions> options)
{
    /// <summary>Maximum words of the phrase that are looked up in the index; the longest, which are likely the rarest.</summary>
    private const int MaxLookupWords = 4;

    /// <summary>Maximum segments without words ("♪") within a phrase.</summary>
    private const int MaxEmptySegments = 2;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, double score, CancellationToken cancellationToken)
    {
        var phrase = PlainWords.Of(text);
        if (phrase.Count == 0)
            return [];
        // Each segment of the match holds at least one word, so the phrase lies within this distance of any of its words.
        var reach = phrase.Count == 1 ? 0 : phrase.Count - 1 + MaxEmptySegments;
        var rarest = phrase.Distinct().OrderByDescending(word => word.Length).ThenBy(word => word, StringComparer.Ordinal)
            .Take(MaxLookupWords).ToList();
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

/// <summary>Values of the column <c>source</c> of text segments.</summary>
internal static class SourceNames
{
    public const string Speech = "speech";
    public const string Screen = "screen";

    /// <summary>Returns the validated source, which is safe to insert into SQL.</summary>
    internal static string Known(string source)
        => source is Speech or Screen ? source : throw new ArgumentOutOfRangeException(nameof(source), source, null);
}
