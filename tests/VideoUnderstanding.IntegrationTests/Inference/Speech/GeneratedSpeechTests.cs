using System.Text.Json.Nodes;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Fifty seconds of synthetic sentences with their transcript. The pauses are so short that each window contains several
/// sentences.</summary>
public sealed class LongSpeech(StarterSpeech speech) : IAsyncLifetime
{
    public float[] Samples { get; private set; } = [];

    public string[] Words { get; private set; } = [];

    public IReadOnlyList<SpeechSegment> Segments { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        (Samples, Words) = await GeneratedSpeechTests.LongSpeechAsync(50, pause: 0.25);
        Segments = await speech.TranscribeAsync([Samples]);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Recognition of synthetic speech with the committed weights. These tests need no assets.</summary>
public sealed class GeneratedSpeechTests(StarterSpeech speech, LongSpeech sound) : IClassFixture<LongSpeech>
{
    private const int Rate = FliteVoice.SampleRate;

    private static readonly string[] Sentences =
    [
        "The weather is very nice today.", "We walk to the river with our friends.", "The old bridge was built many years ago.",
        "Please remember to bring some bread and water.", "The children play in the garden behind the house.",
        "A train arrives at the station every hour.", "My brother reads a book about the history of the city.",
        "In the evening we drink a cup of tea.",
    ];

    [Fact]
    public async Task Speech_over_music_is_recognised_with_its_times()
    {
        var spoken = new[] { await SpeakAsync(2, "The ship leaves at noon."), await SpeakAsync(6, "We found an old map.") };

        var segments = await speech.TranscribeAsync([FliteVoice.Mix(10, spoken, FliteVoice.Chord)]);

        Assert.Equal(spoken.Select(one => one.Text), segments.Select(segment => segment.Text));
        Assert.All(spoken.Zip(segments), pair =>
        {
            Assert.InRange(pair.Second.Start, pair.First.Start - 0.3, pair.First.Start + 0.3);
            Assert.InRange(pair.Second.End, pair.First.End - 0.3, pair.First.End + 0.3);
        });
    }

    [Fact]
    public async Task Several_windows_have_the_same_text_with_and_without_word_times()
    {
        using var without = StarterSpeech.Load(WithoutWordTimes());

        var plain = await without.Begin("en").ReadAsync(RealClips.Stream([sound.Samples]), default).ToListAsync();

        var (first, second) = (StarterSpeech.WordsOf(sound.Segments), StarterSpeech.WordsOf(plain));
        // Numerical kernels differ, so single words may differ. No window may be missing.
        Assert.InRange(StarterSpeech.Errors(second, first), 0, second.Length / 20);
        Assert.True(sound.Segments[^1].End > 42);
    }

    /// <summary>The synthesizer does not report times of single words, so the start and end of sentences are compared.</summary>
    [Fact]
    public async Task The_first_and_the_last_word_of_a_sentence_are_within_three_tenths_of_a_second()
    {
        var spoken = new List<Utterance>();
        foreach (var sentence in Sentences[..4])
            spoken.Add(await SpeakAsync(spoken.Count == 0 ? 1 : spoken[^1].End + 1, sentence));

        var segments = await speech.TranscribeAsync([FliteVoice.Mix(spoken[^1].End + 1, spoken, _ => 0)]);

        var words = segments.SelectMany(segment => segment.Words).ToList();
        Assert.All(spoken, one => Assert.Contains(words, word => Math.Abs(word.Start - one.Start) <= 0.3));
        Assert.All(spoken, one => Assert.Contains(words, word => Math.Abs(word.End - one.End) <= 0.3));
        Assert.All(words.Zip(words.Skip(1)), pair => Assert.True(pair.First.Start <= pair.Second.Start));
    }

    [Fact]
    public async Task Isolated_words_are_within_three_tenths_of_a_second()
    {
        string[] days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
        var spoken = new List<Utterance>();
        foreach (var day in days)
            spoken.Add(await SpeakAsync(spoken.Count == 0 ? 1 : spoken[^1].End + 0.8, day + "."));

        var segments = await speech.TranscribeAsync([FliteVoice.Mix(spoken[^1].End + 1, spoken, _ => 0)]);

        var words = segments.SelectMany(segment => segment.Words).ToList();
        Assert.Equal(days, words.Select(word => word.Text.Trim('.', ',')));
        Assert.All(spoken.Zip(words), pair =>
        {
            Assert.InRange(pair.Second.Start, pair.First.Start - 0.3, pair.First.Start + 0.3);
            Assert.InRange(pair.Second.End, pair.First.End - 0.3, pair.First.End + 0.3);
        });
    }

    [Fact]
    public void No_sentence_is_lost_or_repeated_where_windows_end()
    {
        Assert.InRange(StarterSpeech.Errors(sound.Words, StarterSpeech.WordsOf(sound.Segments)) / (double)sound.Words.Length, 0, 0.1);
        Assert.Equal(sound.Segments.OrderBy(segment => segment.Start), sound.Segments);
    }

    [Fact]
    public async Task A_cancelled_transcription_returns_at_once_and_its_native_call_ends()
    {
        using var stop = new CancellationTokenSource();
        var transcription = speech.Recognizer.Begin("en").ReadAsync(RealClips.Stream([sound.Samples]), stop.Token)
            .GetAsyncEnumerator(stop.Token);
        var next = transcription.MoveNextAsync().AsTask();
        while (speech.Recognizer.RunningCalls == 0)
            await Task.Delay(10, TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        while (speech.Recognizer.RunningCalls > 0)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        // The slots are free, so the next transcription works.
        Assert.NotEmpty(await speech.TranscribeAsync([sound.Samples[..(5 * Rate)]]));
    }

    private static VideoUnderstanding.Inference.Manifest.ManifestRole WithoutWordTimes()
    {
        var role = StarterSpeech.Role(ModelRole.Speech);
        var settings = JsonNode.Parse(role.Settings.GetRawText())!.AsObject();
        settings["alignment_heads"] = "None";
        return role with { Model = role.Model with { Settings = System.Text.Json.JsonSerializer.SerializeToElement(settings) } };
    }

    private static Task<Utterance> SpeakAsync(double start, string text)
        => FliteVoice.SpeakAsync(start, text, TestContext.Current.CancellationToken);

    /// <summary>Repeats the sentences for a number of seconds.</summary>
    internal static async Task<(float[] Samples, string[] Words)> LongSpeechAsync(double seconds, double pause)
    {
        var (spoken, at) = (new List<Utterance>(), 0.5);
        for (var number = 0; ; number++)
        {
            var next = await SpeakAsync(at, Sentences[number % Sentences.Length]);
            if (next.End > seconds - 0.5)
                break;
            spoken.Add(next);
            at = next.End + pause;
        }
        return (FliteVoice.Mix(seconds, spoken, _ => 0), [.. spoken.SelectMany(one => StarterSpeech.WordsOf(one.Text))]);
    }
}
