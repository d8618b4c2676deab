namespace VideoUnderstanding.Inference.Speech;

/// <summary>Sound for one call of the model: regions of speech with shortened pauses between them.</summary>
internal sealed class SpeechWindow
{
    private readonly List<Piece> _pieces = [];
    private int _length;

    /// <summary>Samples of the sound.</summary>
    public int Length => _length;

    /// <summary>Regions of speech on the time line of the stream, in order.</summary>
    public IReadOnlyList<VoiceRegion> Voices => [.. _pieces.Select(piece => piece.Voice)];

    /// <summary>Number of samples with speech.</summary>
    public long SpeechLength => _pieces.Sum(piece => piece.Voice.Length);

    public int Count => _pieces.Count;

    /// <summary>Adds the next region.</summary>
    /// <param name="voice">A region after all others of the window.</param>
    /// <param name="start">Stream position of the first sample of <paramref name="sound"/>; at most the start of the region.</param>
    /// <param name="sound">The kept part of the pause before the region, and the region.</param>
    public void Add(VoiceRegion voice, long start, float[] sound)
    {
        _pieces.Add(new Piece(voice, start, sound));
        _length += sound.Length;
    }

    /// <summary>Splits the window in two.</summary>
    /// <param name="count">Regions of the first window; at least one.</param>
    public (SpeechWindow Head, SpeechWindow Tail) Split(int count)
    {
        var (first, rest) = (new SpeechWindow(), new SpeechWindow());
        foreach (var (index, piece) in _pieces.Index())
            (index < count ? first : rest).Add(piece.Voice, piece.Start, piece.Sound);
        return (first, rest);
    }

    /// <summary>Samples of the window up to the end of the first <paramref name="count"/> regions.</summary>
    public int LengthOf(int count) => _pieces.Take(count).Sum(piece => piece.Sound.Length);

    /// <summary>The pause between two regions, in samples of the stream.</summary>
    public long PauseBefore(int index) => _pieces[index].Voice.Start - _pieces[index - 1].Voice.End;

    /// <summary>The sound of the window with silence before and after it.</summary>
    public float[] Sound(int silence)
    {
        var sound = new float[_length + 2 * silence];
        var at = silence;
        foreach (var piece in _pieces)
        {
            piece.Sound.CopyTo(sound, at);
            at += piece.Sound.Length;
        }
        return sound;
    }

    /// <summary>Converts a window position to a stream position. Positions outside the window become its first or last sample.</summary>
    public long ToStream(long sample)
    {
        foreach (var piece in _pieces)
        {
            if (sample < piece.Sound.Length)
                return piece.Start + Math.Max(0, sample);
            sample -= piece.Sound.Length;
        }
        return _pieces[^1].Voice.End;
    }

    private sealed record Piece(VoiceRegion Voice, long Start, float[] Sound);
}

/// <summary>A region of speech, in samples from the start of the sound. The end is exclusive.</summary>
public readonly record struct VoiceRegion(long Start, long End)
{
    public long Length => End - Start;
}
