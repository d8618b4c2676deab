using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Words;

/// <summary>A text with its time range in one video. Times are seconds.</summary>
public sealed record TimedText(double Start, double End, string Text);

/// <summary>Finds phrases in the text of one video, also across segment boundaries.</summary>
public static class PhraseFinder
{
    /// <param name="phrase">Words from <see cref="PlainWords"/>; an empty list finds nothing.</param>
    /// <param name="segments">The segments of one video in order of time.</param>
    /// <returns>The segments that contain the phrase, joined where it crosses a boundary. Matches that share a segment are
    /// merged.</returns>
    public static IReadOnlyList<TimedText> Find(IReadOnlyList<string> phrase, IReadOnlyList<TimedText> segments)
    {
        if (phrase.Count == 0)
            return [];
        var words = new List<string>();
        var owners = new List<int>();
        for (var segment = 0; segment < segments.Count; segment++)
        {
            var added = PlainWords.Of(segments[segment].Text);
            words.AddRange(added);
            owners.AddRange(Enumerable.Repeat(segment, added.Count));
        }
        return Join(segments, Occurrences(phrase, words).Select(at => (First: owners[at], Last: owners[at + phrase.Count - 1])));
    }

    /// <summary>Returns the positions at which the phrase begins, in order, including overlapping ones. Knuth-Morris-Pratt algorithm,
    /// linear time.</summary>
    private static IEnumerable<int> Occurrences(IReadOnlyList<string> phrase, List<string> words)
    {
        var back = Borders(phrase);
        var matched = 0;
        for (var i = 0; i < words.Count; i++)
        {
            while (matched > 0 && (matched == phrase.Count || phrase[matched] != words[i]))
                matched = back[matched - 1];
            if (phrase[matched] == words[i])
                matched++;
            if (matched == phrase.Count)
                yield return i - matched + 1;
        }
    }

    private static int[] Borders(IReadOnlyList<string> phrase)
    {
        var borders = new int[phrase.Count];
        for (var i = 1; i < phrase.Count; i++)
        {
            var length = borders[i - 1];
            while (length > 0 && phrase[length] != phrase[i])
                length = borders[length - 1];
            borders[i] = phrase[length] == phrase[i] ? length + 1 : 0;
        }
        return borders;
    }

    private static List<TimedText> Join(IReadOnlyList<TimedText> segments, IEnumerable<(int First, int Last)> hits)
    {
        var joined = new List<(int First, int Last)>();
        foreach (var hit in hits)
        {
            if (joined.Count > 0 && hit.First <= joined[^1].Last)
                joined[^1] = (joined[^1].First, Math.Max(joined[^1].Last, hit.Last));
            else
                joined.Add(hit);
        }
        return [.. joined.Select(hit => new TimedText(segments[hit.First].Start, segments[hit.Last].End,
            string.Join(' ', segments.Skip(hit.First).Take(hit.Last - hit.First + 1).Select(segment => segment.Text.Trim()))))];
    }
}
