using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Managed memory of a long transcription with the committed weights. The memory of the whole process is measured, so this
/// class runs alone.</summary>
[Collection(nameof(ExclusiveCollection))]
public sealed class SpeechMemoryTests(StarterSpeech speech)
{
    private const int Rate = FliteVoice.SampleRate;

    [Fact]
    public async Task Half_an_hour_with_little_speech_is_transcribed_in_bounded_memory()
    {
        const int minutes = 30, talks = 4, talkSeconds = 10;
        var talk = await GeneratedSpeechTests.LongSpeechAsync(talkSeconds, pause: 0.4);
        // The weights are loaded before the measurement begins.
        var recognizer = speech.Recognizer;
        var (peak, start) = (0L, GC.GetTotalMemory(forceFullCollection: true));

        var segments = await recognizer.Begin("en").ReadAsync(Blocks(), TestContext.Current.CancellationToken).ToListAsync();

        // Half an hour of samples has 115 MB. Windows with their sound and the buffer of the voice detector have a few MB.
        Assert.InRange(peak - start, long.MinValue, 50L << 20);
        Assert.Equal(talks, segments.Select(segment => (int)(segment.Start / (minutes * 60 / talks))).Distinct().Count());
        Assert.InRange(StarterSpeech.WordsOf(segments).Length / (double)(talks * talk.Words.Length), 0.9, 1.1);

        async IAsyncEnumerable<float[]> Blocks()
        {
            await Task.CompletedTask;
            for (var second = 0; second < minutes * 60; second++)
            {
                var within = second % (minutes * 60 / talks);
                yield return within < talkSeconds ? talk.Samples[(within * Rate)..((within + 1) * Rate)] : new float[Rate];
                // A full garbage collection takes a long time.
                if (second % 120 == 0)
                    peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true));
            }
        }
    }
}
