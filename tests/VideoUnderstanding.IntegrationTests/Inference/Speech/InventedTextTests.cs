using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Sounds for which Whisper invents text, with the committed weights. Most tests call the decoder without the voice detector,
/// so only the decoder's own rules can drop the text.</summary>
public sealed class InventedTextTests(StarterSpeech speech, ITestOutputHelper output)
{
    private const int Rate = FliteVoice.SampleRate;

    [Theory]
    [InlineData("silence")]
    [InlineData("noise")]
    [InlineData("music")]
    [InlineData("applause")]
    public async Task A_window_without_speech_gives_no_words(string kind)
    {
        var words = await DecodeAsync(Sound(kind, 5));

        Assert.True(words.Count == 0, string.Concat(words.Select(word => word.Text)));
    }

    [Fact]
    public async Task A_word_that_repeats_many_times_is_a_loop_and_gives_no_words()
    {
        var word = await FliteVoice.SpeakAsync(0, "No.", TestContext.Current.CancellationToken);
        var repeated = FliteVoice.Mix(8, Enumerable.Range(0, 24).Select(number => word with { Start = number * 0.33 }), _ => 0);

        Assert.Empty(await DecodeAsync(repeated));
    }

    [Fact]
    public async Task Text_for_clicks_is_dropped_because_of_its_log_probability()
    {
        var clicks = Sound("clicks", 8);

        Assert.Equal(HallucinationRule.Guess, HallucinationRules.FindRule(await DecodeGreedilyAsync(clicks), 8, Settings));
        Assert.Empty(await DecodeAsync(clicks));
    }

    [Fact]
    public async Task A_description_of_music_does_not_count_as_speech()
    {
        var heard = await DecodeGreedilyAsync(Sound("chords", 8));

        Assert.NotEmpty(heard.Words);
        Assert.False(HallucinationRules.HasSpeech(heard));
    }

    [Fact]
    public async Task A_loop_is_found_by_its_compression_ratio()
    {
        var heard = await DecodeGreedilyAsync(await SpokenAsync("blah blah blah blah blah blah blah blah blah blah", 1));

        Assert.True(HallucinationRules.IsLoop(heard, Settings), heard.Text);
    }

    /// <summary>Speech at double speed is still recognised, so the threshold of this test lies between both speeds.</summary>
    [Fact]
    public async Task Speech_at_double_speed_exceeds_the_letters_per_second()
    {
        const string text = "The children play in the garden behind the house. My brother reads a book about the history of the city.";
        var settings = Settings with { MostLettersPerSecond = 24 };
        var (normal, fast) = (await SpokenAsync(text, 1), await SpokenAsync(text, 2));

        Assert.False(HallucinationRules.IsTooFast(await DecodeGreedilyAsync(normal), normal.Length / (double)Rate, settings));
        Assert.True(HallucinationRules.IsTooFast(await DecodeGreedilyAsync(fast), fast.Length / (double)Rate, settings));
    }

    /// <summary>By default the library makes a second pass over the rest of the window, which repeats the sentences.</summary>
    [Fact]
    public async Task The_sentences_of_a_window_are_written_once()
    {
        var spoken = await SentencesAsync();
        var sound = FliteVoice.Mix(spoken[^1].End + 0.1, spoken, _ => 0);
        var silence = WindowDecoder.Silence / (double)Rate;

        var transcript = await DecodeGreedilyAsync(sound, speechEnd: spoken[^1].End + silence);

        Assert.Equal(StarterSpeech.WordsOf(string.Join(' ', spoken.Select(one => one.Text))), StarterSpeech.WordsOf(transcript.Text));
    }

    [Fact]
    public async Task Two_minutes_of_noise_music_applause_and_silence_have_few_words()
    {
        var sounds = new[] { "silence", "noise", "music", "applause" }.SelectMany(kind => Sound(kind, 30).Chunk(Rate));

        var segments = await speech.TranscribeAsync(sounds);

        // Speech has about 9,000 words per hour, or 300 in two minutes. 1 % of that is 3.
        output.WriteLine(string.Join(' ', segments.Select(segment => segment.Text)));
        Assert.InRange(StarterSpeech.WordsOf(segments).Length, 0, 3);
    }

    private static SpeechSettings Settings => StarterSpeech.Settings;

    private async Task<IReadOnlyList<SpokenWord>> DecodeAsync(float[] sound)
    {
        var decoder = new WindowDecoder(speech.Transcriber, Settings,
            VoiceActivitySettings.Parse(StarterSpeech.Role(ModelRole.VoiceActivity).Settings));
        return (await decoder.DecodeAsync(Window(sound), "en", TestContext.Current.CancellationToken)).Words;
    }

    /// <summary>The result of greedy decoding, before the rules that drop a window.</summary>
    /// <param name="speechEnd">End of the speech in seconds, including the silence before it. Null means the end of the sound.</param>
    private async Task<WindowTranscript> DecodeGreedilyAsync(float[] sound, double? speechEnd = null)
    {
        var first = await speech.Transcriber.DecodeAsync(
            Window(sound).Sound(WindowDecoder.Silence), speechEnd ?? sound.Length / (double)Rate, "en", Decoding.Greedy,
            TestContext.Current.CancellationToken);
        output.WriteLine($"{first.Text}: log probability {first.LogProbability:F2}, no speech {first.NoSpeech:E2}, compression ratio "
            + $"{first.CompressionRatio:F2}");
        return first;
    }

    private static SpeechWindow Window(float[] sound)
    {
        var window = new SpeechWindow();
        window.Add(new VoiceRegion(0, sound.Length), 0, sound);
        return window;
    }

    private static async Task<float[]> SpokenAsync(string text, int speed)
        => [.. (await FliteVoice.SpeakAsync(0, text, TestContext.Current.CancellationToken)).Samples.Where((_, i) => i % speed == 0)];

    private static async Task<IReadOnlyList<Utterance>> SentencesAsync()
    {
        var (spoken, at) = (new List<Utterance>(), 0.1);
        foreach (var sentence in new[]
        {
            "The weather is very nice today.", "We walk to the river with our friends.", "The old bridge was built many years ago.",
        })
        {
            spoken.Add(await FliteVoice.SpeakAsync(at, sentence, TestContext.Current.CancellationToken));
            at = spoken[^1].End + 0.3;
        }
        return spoken;
    }

    private static float[] Sound(string kind, int seconds)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, seconds * Rate).Select(i => kind switch
        {
            "silence" => 0f,
            "noise" => (float)(0.1 * (random.NextDouble() - 0.5)),
            "clicks" => i % (Rate / 4) < 20 ? 0.5f : 0f,
            "chords" => (float)(0.1 * Math.Exp(-2.0 * (i % (Rate / 2)) / (Rate / 2.0))
                * new[] { 220, 277.2, 329.6 }.Sum(tone => Math.Sin(
                    2 * Math.PI * tone * Math.Pow(2, i / (Rate / 2) * 7 % 12 / 12.0) * i / Rate))),
            // A melody of eight tones with a falling loudness.
            "music"
                => (float)(0.3 * Math.Exp(-3.0 * (i % (Rate / 2)) / (Rate / 2.0))
                    * Math.Sin(2 * Math.PI * 220 * Math.Pow(2, i / (Rate / 2) * 5 % 8 / 12.0) * i / Rate)),
            // Claps of 10 ms at random moments.
            _ => (float)((random.NextDouble() < 0.3 ? 0.5 : 0.05) * (random.NextDouble() - 0.5) * (i % 1600 < 160 ? 1 : 0.3)),
        })];
    }
}
