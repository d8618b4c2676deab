namespace VideoUnderstanding.Inference.Speech;

/// <summary>Joins the words of consecutive windows to segments. A segment ends with its sentence, at a pause, or at a change of the
/// language.</summary>
/// <param name="pauseSeconds">Length of a pause that ends a segment.</param>
internal sealed class SentenceSplitter(double pauseSeconds)
{
    /// <summary>Maximum seconds of a segment, because a sentence vector represents only a few lines of text.</summary>
    private const double MaxSeconds = 30;

    private readonly List<SpokenWord> _open = [];
    private string _language = "";

    /// <param name="words">Words in order of time.</param>
    /// <returns>The completed segments.</returns>
    public IEnumerable<SpeechSegment> Add(IReadOnlyList<SpokenWord> words, string language)
    {
        foreach (var word in words)
        {
            if (_open.Count > 0
                && (language != _language || word.Start - _open[^1].End >= pauseSeconds || word.End - _open[0].Start > MaxSeconds))
                yield return Take();
            _language = language;
            _open.Add(word);
            if (EndsSentence(word.Text))
                yield return Take();
        }
    }

    /// <returns>The unfinished segment, if any.</returns>
    public IEnumerable<SpeechSegment> Flush()
    {
        if (_open.Count > 0)
            yield return Take();
    }

    private SpeechSegment Take()
    {
        var text = string.Concat(_open.Select(word => word.Text)).Trim();
        SpokenWord[] words = [.. _open.Select(word => word with { Text = word.Text.Trim() })];
        _open.Clear();
        return new SpeechSegment(words[0].Start, words[^1].End, text, _language, words);
    }

    /// <summary>True for the last word of a sentence. A full stop after a single letter is an abbreviation.</summary>
    private static bool EndsSentence(string word)
    {
        var bare = word.Trim().TrimEnd('"', '\'', '”', '’', '»', ')', '」', '』');
        return bare.Length > 0 && bare[^1] switch
        {
            '?' or '!' or '…' or '。' or '？' or '！' or '؟' or '।' => true,
            '.' => bare.Length > 2 || !char.IsLetter(bare[0]),
            _ => false,
        };
    }
}
