using System.Diagnostics;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Language detection with the committed weights. flite synthesises English, espeak-ng Spanish and German.</summary>
public sealed class LanguageDetectionTests(StarterSpeech speech)
{
    private const string English = "The weather is very nice today, and we walk to the river together with all of our friends.";
    private const string Spanish =
        "Buenos días señoras y señores. Hoy hace muy buen tiempo y vamos juntos al jardín. Después tomamos una taza de café.";

    private const string German =
        "Guten Tag meine Damen und Herren. Heute ist das Wetter sehr schön und wir gehen zusammen in den Garten.";

    [Fact]
    public async Task Each_region_of_a_bilingual_sound_is_transcribed_in_its_language()
    {
        var segments = await speech.TranscribeAsync([await BilingualAsync()], Transcription.AutoLanguage);

        Assert.Contains(segments,
            segment => segment.Language == "en" && segment.Text.Contains("weather", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(segments,
            segment => segment.Language == "es" && segment.Text.Contains("muy buen tiempo", StringComparison.OrdinalIgnoreCase));
        Assert.All(segments, segment => Assert.Equal(segment.Start < 9 ? "en" : "es", segment.Language));
    }

    /// <summary>Whisper translates the German sentences into fluent English, so only language detection reveals the error.</summary>
    [Fact]
    public async Task A_short_video_whose_speech_is_translated_fluently_is_reported()
    {
        var wrong = speech.Recognizer.Begin("en");

        var segments = await wrong.ReadAsync(RealClips.Stream([await EspeakAsync("de", German)]), default).ToListAsync();

        Assert.NotEmpty(segments);
        Assert.Equal("de", wrong.OtherLanguage);
    }

    [Fact]
    public async Task A_given_language_that_is_clearly_wrong_is_reported()
    {
        var (wrong, right) = (speech.Recognizer.Begin("en"), speech.Recognizer.Begin("en"));

        await wrong.ReadAsync(RealClips.Stream([await SpanishAsync()]), default).ToListAsync();
        await right.ReadAsync(RealClips.Stream([await EnglishAsync()]), default).ToListAsync();

        Assert.Equal("es", wrong.OtherLanguage);
        Assert.Null(right.OtherLanguage);
    }

    /// <summary>Detection uses private fields of Whisper.net. This test fails if another version of the package renames them.</summary>
    [Theory]
    [InlineData("es", Spanish)]
    [InlineData("de", German)]
    public async Task The_language_is_detected_during_a_transcription_in_another_language(string spoken, string text)
    {
        var sound = await EspeakAsync(spoken, text);

        var transcript = await speech.Transcriber.DecodeAsync(
            sound, sound.Length / (double)WhisperNetTranscriber.SampleRate, "en", Decoding.Greedy, TestContext.Current.CancellationToken);

        Assert.Equal(spoken, transcript.Detected?.Code);
    }

    private static async Task<float[]> BilingualAsync() => [.. await EnglishAsync(), .. await SpanishAsync()];

    private static async Task<float[]> EnglishAsync()
        => FliteVoice.Mix(9, [await FliteVoice.SpeakAsync(0.5, English, TestContext.Current.CancellationToken)], _ => 0);

    private static Task<float[]> SpanishAsync() => EspeakAsync("es", Spanish);

    /// <summary>espeak-ng writes sound with 22,050 Hz. FFmpeg converts it to 16,000 Hz.</summary>
    private static async Task<float[]> EspeakAsync(string voice, string text)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{voice}-{Guid.NewGuid():n}.wav");
        try
        {
            await RunAsync("espeak-ng", "-v", voice, "-s", "140", "-w", path, text);
            var raw = await RunAsync("ffmpeg", "-v", "error", "-i", path, "-ac", "1", "-ar", "16000", "-f", "f32le", "-");
            return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(raw).ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<byte[]> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        using var output = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.ToArray();
    }
}
