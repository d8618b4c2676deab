using System.Text.Json;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>A word of a talk, in samples; 100 of them are a second.</summary>
internal sealed record TalkWord(long Start, long End, int Sentence);

/// <summary>
/// A talk whose words are known, and a transcriber that tells of each window the words that lie in it, as Whisper would: in sentences, the last one without its end where the window
/// tears it. Every word lasts at least 0.6 s.
/// </summary>
internal sealed class ScriptedTalk(IReadOnlyList<TalkWord> words, WhisperFiles files)
{
    public const int Rate = 100;
    public const int Chunk = 30 * Rate;
    public const int ThankYou = 9_999;
    private const int Step = 2;
    private const int LatestFirst = 50;
    private const int VoiceBreak = 10;

    public List<SpeechWindow> Heard { get; } = [];

    public int WordCount => words.Count;

    /// <summary>Samples of the whole sound.</summary>
    public long Length => words[^1].End + 2 * Rate;

    /// <summary>True for windows in which a torn sentence is not told at all, where that can be noticed.</summary>
    public Func<SpeechWindow, bool> Omits { get; init; } = _ => false;

    /// <summary>True for windows in which nothing but thanks is heard, in the silence before the first voice.</summary>
    public Func<SpeechWindow, bool> Thanks { get; init; } = _ => false;

    /// <summary>A whisper with the words w0 to w9998, times from 0.00 in steps of 0.02 s.</summary>
    public static WhisperFiles Files(int batchSize)
    {
        var mel = new MelSettings(Rate, 40, 10, 4, 30);
        var config = new WhisperConfig { EndOfText = 10_000, Start = 10_001, NoTimestamps = 10_002, MaxTokens = 448, EncoderPositions = 1500, Heads = 1, Width = 1, VocabularySize = 12_000 };
        var folder = Directory.CreateTempSubdirectory("scripted-talk-");
        try
        {
            var vocabulary = Enumerable.Range(0, ThankYou).ToDictionary(id => $"Ġw{id}", id => id);
            vocabulary["ĠThankĠyou."] = ThankYou;
            File.WriteAllText(Path.Combine(folder.FullName, "vocab.json"), JsonSerializer.Serialize(vocabulary));
            return new WhisperFiles(mel, MelFilters.Slaney(mel), config, WhisperTokenizer.Load(folder.FullName, config), new SpeechSettings { BatchSize = batchSize });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Where somebody speaks: words without a break between them, cut between two words where they last longer than a chunk.</summary>
    public List<VoiceRegion> Voices()
    {
        var voices = new List<VoiceRegion>();
        foreach (var word in words)
        {
            if (voices.Count > 0 && word.Start - voices[^1].End < VoiceBreak && word.End - voices[^1].Start <= Chunk)
                voices[^1] = voices[^1] with { End = word.End };
            else
                voices.Add(new VoiceRegion(word.Start, word.End));
        }
        return voices;
    }

    /// <summary>Plays the talk in blocks, as the recogniser does.</summary>
    public async Task<List<SpeechSegment>> PlayAsync(TranscribeWindows transcribe)
    {
        var run = new TranscriptionRun(files, transcribe);
        var (segments, voices) = (new List<SpeechSegment>(), new Queue<VoiceRegion>(Voices()));
        const int block = 7 * Rate;
        for (var at = 0L; at < Length; at += block)
        {
            var (heard, ended) = (Math.Min(Length, at + block), new List<VoiceRegion>());
            while (voices.TryPeek(out var next) && next.End <= heard)
                ended.Add(voices.Dequeue());
            run.Hear(new float[heard - at], ended);
            while (run.IsFull)
                segments.AddRange(await run.WriteAsync(default));
            run.Forget(voices.TryPeek(out var open) ? Math.Min(open.Start, heard) : heard);
        }
        run.End();
        while (!run.IsEmpty)
            segments.AddRange(await run.WriteAsync(default));
        return segments;
    }

    public Task<List<SpeechSegment>> PlayAsync() => PlayAsync((windows, sound, _) => Task.FromResult<IReadOnlyList<Transcript>>([.. windows.Select(window => Tell(window, sound))]));

    /// <summary>A sure transcript of the pieces.</summary>
    /// <param name="pieces">Samples from the window's start; no end where the transcript stops before it.</param>
    public static Transcript Told(WhisperFiles files, params IEnumerable<(long Start, long? End, int[] Words)> pieces)
    {
        var tokens = new List<int>();
        foreach (var (start, end, spoken) in pieces)
        {
            tokens.Add(files.Tokenizer.FirstTimestamp + (int)(start / Step));
            tokens.AddRange(spoken);
            if (end is { } known)
                tokens.Add(files.Tokenizer.FirstTimestamp + (int)(known / Step));
        }
        return new Transcript(tokens, files.Tokenizer.Decode(tokens), -0.2, 0.01);
    }

    /// <summary>Notes that the window was asked for, and that its sound is still there.</summary>
    public void Note(SpeechWindow window, SoundBuffer sound)
    {
        sound.Slice(window.Start, window.End);
        Heard.Add(window);
        // Twice as many as there are words would be far too many already; the run would go on for ever.
        Assert.True(Heard.Count <= 2 * words.Count + 10, $"Window {window.Start} to {window.End} is the {Heard.Count}th of a talk of {words.Count} words.");
    }

    private Transcript Tell(SpeechWindow window, SoundBuffer sound)
    {
        Note(window, sound);
        var silence = window.Voices[0].Start - window.Start;
        if (window.Continues && silence >= Rate && Thanks(window))
            return Told(files, (0, silence, [ThankYou]));
        var pieces = words.Index().Where(word => word.Item.Start >= window.Start && word.Item.End <= window.End).GroupBy(word => word.Item.Sentence).Select(sentence =>
        {
            var (first, last) = (sentence.First(), sentence.Last());
            var ends = last.Index + 1 == words.Count || words[last.Index + 1].Sentence != sentence.Key;
            return (first.Item.Start, End: ends ? last.Item.End : (long?)null, Words: sentence.Select(word => word.Index).ToArray());
        }).ToList();
        // Left out where a voice begins with it: speech without words is noticed by the voices.
        if (window.Continues && pieces.Count > 1 && pieces[^1].End is null && pieces[^1].Start >= window.Start + Rate && window.Voices.Any(voice => voice.Start == pieces[^1].Start) && Omits(window))
            pieces.RemoveAt(pieces.Count - 1);
        return Told(files, pieces.Select((piece, i) => (i == 0 ? Math.Min(piece.Start - window.Start, LatestFirst * Step) : piece.Start - window.Start, piece.End - window.Start, piece.Words)));
    }
}
