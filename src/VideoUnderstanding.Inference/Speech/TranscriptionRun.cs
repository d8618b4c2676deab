namespace VideoUnderstanding.Inference.Speech;

/// <summary>One sound on its way to text. Windows are transcribed several at once; where a sentence turns out to be torn at a window's end, the window after it begins anew with that sentence.</summary>
internal sealed class TranscriptionRun
{
    private readonly WhisperFiles _files;
    private readonly WhisperNetwork _network;
    private readonly WindowPlanner _planner;
    private readonly SoundBuffer _sound = new();
    private readonly LogMelSpectrogram _spectrogram;
    private readonly List<Entry> _queue = [];
    private readonly int? _language;
    private int? _usual;

    public TranscriptionRun(WhisperFiles files, WhisperNetwork network, string? language)
    {
        (_files, _network) = (files, network);
        _planner = NewPlanner();
        _spectrogram = new LogMelSpectrogram(files.Mel, files.Filters);
        _language = language is not null && files.Config.Languages.TryGetValue(language, out var token) ? token : null;
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
            var reading = WindowReading.Read(_queue[0].Window, answer.Transcript, _files);
            segments.AddRange(reading.Segments);
            var torn = reading.Unfinished;
            _queue.RemoveAt(0);
            if (torn.Count > 0)
                Join(torn);
        }
        return segments;
    }

    /// <summary>Plans the following window again with the speech that the last one left over.</summary>
    private void Join(IReadOnlyList<VoiceRegion> torn)
    {
        if (_queue.Count == 0)
        {
            _planner.Return(torn);
            return;
        }
        var next = _queue[0].Window;
        var planner = NewPlanner();
        var windows = torn.Concat(next.Voices).SelectMany(planner.Add).Concat(planner.Flush()).ToList();
        windows[^1] = windows[^1] with { Continues = next.Continues };
        _queue.RemoveAt(0);
        _queue.InsertRange(0, windows.Select(window => new Entry(window)));
    }

    private async Task TranscribeAsync(CancellationToken cancellationToken)
    {
        var batch = _queue.Where(entry => entry.Answer is null).Take(_files.Settings.BatchSize).ToArray();
        var size = _files.Mel.Bins * _files.Mel.Frames;
        var features = new float[batch.Length * size];
        for (var i = 0; i < batch.Length; i++)
            _spectrogram.Compute(_sound.Slice(batch[i].Window.Start, batch[i].Window.End), features.AsSpan(i * size, size));
        var answers = await _network.TranscribeAsync(features, batch.Length, _language, _usual, cancellationToken);
        for (var i = 0; i < batch.Length; i++)
            batch[i].Answer = answers[i];
        _usual = answers[^1].Language ?? _usual;
    }

    private void Enqueue(IEnumerable<SpeechWindow> windows) => _queue.AddRange(windows.Select(window => new Entry(window)));

    private WindowPlanner NewPlanner() => new(_files.Mel.Samples, (int)(_files.Settings.LongestPauseSeconds * Rate), (int)(_files.Settings.MarginSeconds * Rate));

    private sealed class Entry(SpeechWindow window)
    {
        public SpeechWindow Window => window;
        public WhisperAnswer? Answer { get; set; }
    }
}
