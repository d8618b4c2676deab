namespace VideoUnderstanding.Inference.Speech;

/// <summary>Packs regions of speech into windows. A full window ends at the longest pause of its second half, so that no word is
/// cut.</summary>
/// <param name="target">Maximum samples of a window. A region without a pause may be longer.</param>
/// <param name="longestPause">Maximum samples of a pause that are kept before a region.</param>
/// <param name="windowBreak">A pause of more samples ends the window.</param>
internal sealed class WindowPlanner(int target, int longestPause, int windowBreak)
{
    private SpeechWindow _open = new();
    private long _previousEnd;

    /// <summary>Adds the next region.</summary>
    /// <param name="sound">Contains the region and <c>longestPause</c> samples before it.</param>
    /// <returns>The completed windows.</returns>
    public IReadOnlyList<SpeechWindow> Add(VoiceRegion voice, SoundBuffer sound)
    {
        var complete = new List<SpeechWindow>();
        if (_open.Count > 0 && voice.Start - _previousEnd > windowBreak)
            complete.AddRange(Flush());
        // A window starts with its first region, without the pause before it.
        var start = _open.Count == 0 ? voice.Start : Math.Max(_previousEnd, voice.Start - longestPause);
        _open.Add(voice, start, sound.Slice(start, voice.End).ToArray());
        _previousEnd = voice.End;
        while (_open.Count > 1 && _open.Length > target)
            complete.Add(Cut());
        return complete;
    }

    /// <returns>The unfinished window, if any.</returns>
    public IReadOnlyList<SpeechWindow> Flush()
    {
        if (_open.Count == 0)
            return [];
        var last = _open;
        _open = new SpeechWindow();
        return [last];
    }

    private SpeechWindow Cut()
    {
        var (best, longest) = (_open.Count - 1, -1L);
        for (var count = _open.Count - 1; count >= 1; count--)
        {
            if (longest >= 0 && _open.LengthOf(count) < target / 2)
                break;
            // Of equal pauses the later one is kept: longer windows are fewer.
            if (_open.PauseBefore(count) > longest)
                (best, longest) = (count, _open.PauseBefore(count));
        }
        (var first, _open) = _open.Split(best);
        return first;
    }
}
