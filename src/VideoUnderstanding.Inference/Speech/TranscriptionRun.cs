namespace VideoUnderstanding.Inference.Speech;

/// <summary>One sound on its way to text. Windows are transcribed several at once; where a sentence turns out to be torn at a window's end, the window after it begins anew with that sentence.</summary>
internal sealed class TranscriptionRun
{
    private readonly WhisperFiles _files;
    private readonly TranscribeWindows _transcribe;
    private readonly WindowPlanner _planner;
    private readonly SoundBuffer _sound = new();
    private readonly List<Entry> _queue = [];

    public TranscriptionRun(WhisperFiles files, TranscribeWindows transcribe)
    {
        (_files, _transcribe) = (files, transcribe);
        _planner = NewPlanner();
    }

    private int Rate => _files.Mel.SampleRate;

    /// <summary>True when it is time to transcribe: a batch is together, or the windows that wait lie so far apart that their sound fills the memory.</summary>
    public bool IsFull => Waiting >= _files.Settings.BatchSize || Waiting > 0 && _sound.End - _queue[0].Window.Start > 2L * _files.Settings.BatchSize * _files.Mel.Samples;

    /// <summary>True when nothing waits.</summary>
    public bool IsEmpty => _queue.Count == 0;

    private int Waiting => _queue.Count(entry => entry.Answer is null);

    /// <summary>Takes more sound and the speech that has been found in it or in what came before.</summary>
    public void Hear(ReadOnlySpan<float> block, IEnumerable<VoiceRegion> voices)
    {
        _sound.Append(block);
        foreach (var voice in voices)
            Enqueue(_planner.Add(voice));
    }

    /// <summary>No more sound comes.</summary>
    public void End() => Enqueue(_planner.Flush());

    /// <summary>Lets go of sound that nothing needs any more.</summary>
    /// <param name="settled">Speech before this sample has all been told.</param>
    public void Forget(long settled)
    {
        var needed = Math.Min(settled - Margin, _planner.Needs ?? long.MaxValue);
        _sound.DropBefore(_queue.Count > 0 ? Math.Min(needed, _queue[0].Window.Start) : needed);
    }

    private int Margin => (int)(_files.Settings.MarginSeconds * Rate);

    /// <summary>Transcribes one batch.</summary>
    /// <returns>The segments that are certain now.</returns>
    public async Task<IReadOnlyList<SpeechSegment>> WriteAsync(CancellationToken cancellationToken)
    {
        await TranscribeAsync(cancellationToken);
        var segments = new List<SpeechSegment>();
        while (_queue.Count > 0 && _queue[0].Answer is { } answer)
        {
            var reading = WindowReading.Read(_queue[0].Window, answer, _files);
            segments.AddRange(reading.Segments);
            _queue.RemoveAt(0);
            if (reading.Unfinished.Count > 0)
                Join(reading);
        }
        return segments;
    }

    /// <summary>Plans the following window again with the speech that the last one left over.</summary>
    private void Join(WindowReading torn)
    {
        if (_queue.Count == 0)
        {
            _planner.Return(torn.Unfinished, torn.Resume);
            return;
        }
        var (next, answer) = (_queue[0].Window, _queue[0].Answer);
        var planner = NewPlanner();
        planner.Return(torn.Unfinished, torn.Resume);
        var windows = next.Voices.SelectMany(planner.Add).ToList();
        windows.AddRange(planner.Flush());
        // What lies behind the window that is replaced belongs to those that follow it.
        windows[^1] = windows[^1] with { End = Math.Min(windows[^1].End, next.End), Continues = next.Continues };
        _queue.RemoveAt(0);
        // Where what was left over fills a window of its own, the next one stays what it was.
        _queue.InsertRange(0, windows.Select(window => new Entry(window) { Answer = (window.Start, window.End) == (next.Start, next.End) ? answer : null }));
    }

    private async Task TranscribeAsync(CancellationToken cancellationToken)
    {
        var batch = _queue.Where(entry => entry.Answer is null).Take(_files.Settings.BatchSize).ToArray();
        var answers = await _transcribe([.. batch.Select(entry => entry.Window)], _sound, cancellationToken);
        for (var i = 0; i < batch.Length; i++)
            batch[i].Answer = answers[i];
    }

    private void Enqueue(IEnumerable<SpeechWindow> windows) => _queue.AddRange(windows.Select(window => new Entry(window)));

    private WindowPlanner NewPlanner() => new(_files.Mel.Samples, (int)(_files.Settings.LongestPauseSeconds * Rate), (int)(_files.Settings.MarginSeconds * Rate));

    private sealed class Entry(SpeechWindow window)
    {
        public SpeechWindow Window => window;
        public Transcript? Answer { get; set; }
    }
}
