using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Places where the very words were spoken in their order, also across the border of two segments.</summary>
internal sealed class ExactSpeechFragments(ClipReader reader, IOptions<VideoSearchOptions> options)
{
    /// <summary>Pieces of the query that narrow the videos; the longest are the rarest.</summary>
    private const int NarrowingPieces = 4;

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, double score, CancellationToken cancellationToken)
    {
        var phrase = PlainWords.Of(text);
        if (phrase.Count == 0)
            return [];
        var fragments = new List<Fragment>();
        string? video = null;
        List<TimedText> segments = [];
        var pieces = PlainWords.Pieces(text).Take(NarrowingPieces).ToList();
        await foreach (var row in reader.TextOfVideosWithAsync(scope, SourceNames.Speech, pieces, cancellationToken))
        {
            if (video is not null && video != row.VideoId)
            {
                Add(fragments, video, PhraseFinder.Find(phrase, segments), score);
                segments.Clear();
                if (fragments.Count >= options.Value.Clips)
                    break;
            }
            video = row.VideoId;
            segments.Add(new TimedText(row.Start, row.End, row.Text));
        }
        if (video is not null && fragments.Count < options.Value.Clips)
            Add(fragments, video, PhraseFinder.Find(phrase, segments), score);
        return fragments;
    }

    private static void Add(List<Fragment> fragments, string video, IEnumerable<TimedText> hits, double score)
        => fragments.AddRange(hits.Select(hit => new Fragment(video, hit.Start, hit.End, IndexOptions.Conversation, score, hit.Text)));
}

/// <summary>Sources of text as the table holds them.</summary>
internal static class SourceNames
{
    public const string Speech = "speech";
    public const string Screen = "screen";
}
