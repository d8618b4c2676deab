namespace VideoUnderstanding.Inference.Speech;

/// <summary>Packs stretches of speech into windows of at most one chunk. A window that overflows is cut at the longest pause of its second half.</summary>
/// <param name="chunk">Samples that a window may have.</param>
/// <param name="longestPause">Samples of pause that end a window.</param>
/// <param name="margin">Samples around the speech that a window takes along; at most half of a pause.</param>
public sealed class WindowPlanner(int chunk, int longestPause, int margin)
{
    private readonly List<VoiceRegion> _open = [];
    private long _previousEnd;

    /// <summary>First sample that a window to come may need; null when no speech waits.</summary>
    public long? Needs => _open.Count == 0 ? null : Math.Max(_previousEnd, _open[0].Start - margin);

    /// <summary>Takes the next stretch, no longer than one chunk.</summary>
    /// <returns>The windows that it completes.</returns>
    public IReadOnlyList<SpeechWindow> Add(VoiceRegion voice)
    {
        var complete = new List<SpeechWindow>();
        if (_open.Count > 0 && voice.Start - _open[^1].End > longestPause)
            complete.AddRange(Flush());
        _open.Add(voice);
        while (_open[^1].End - _open[0].Start > chunk)
            complete.Add(Cut());
        return complete;
    }

    /// <summary>Puts back stretches that a window could not finish. They come before all that waits.</summary>
    /// <param name="resume">First sample that the next window may hear: what lies before it has been told, and no margin reaches back into it.</param>
    public void Return(IReadOnlyList<VoiceRegion> voices, long resume)
    {
        _previousEnd = resume;
        _open.InsertRange(0, voices);
    }

    /// <returns>Windows of all that waits.</returns>
    public IReadOnlyList<SpeechWindow> Flush()
    {
        var complete = new List<SpeechWindow>();
        while (_open.Count > 0 && _open[^1].End - _open[0].Start > chunk)
            complete.Add(Cut());
        if (_open.Count > 0)
            complete.Add(Take(_open.Count, _open[^1].End + margin, continues: false));
        return complete;
    }

    private SpeechWindow Cut()
    {
        var start = _open[0].Start;
        var fits = 1;
        while (fits < _open.Count && _open[fits].End - start <= chunk)
            fits++;
        var (best, longest) = (fits, -1L);
        for (var i = fits; i >= 1; i--)
        {
            var pause = _open[i].Start - _open[i - 1].End;
            if (_open[i - 1].End - start < chunk / 2 && longest >= 0)
                break;
            // Of equal pauses the later one is found first and kept: longer windows are fewer.
            if (pause > longest)
                (best, longest) = (i, pause);
        }
        return Take(best, Math.Min(_open[best - 1].End + margin, Middle(_open[best - 1].End, _open[best].Start)), continues: true);
    }

    private SpeechWindow Take(int count, long end, bool continues)
    {
        var voices = _open[..count];
        _open.RemoveRange(0, count);
        var start = Math.Max(Math.Max(0, _previousEnd), voices[0].Start - margin);
        // Margins give way to speech.
        end = Math.Max(voices[^1].End, Math.Min(end, voices[0].Start + chunk));
        start = Math.Max(start, end - chunk);
        _previousEnd = end;
        return new SpeechWindow(start, end, voices, continues);
    }

    private static long Middle(long a, long b) => a + Math.Max(0, b - a) / 2;
}
