using VideoUnderstanding.Indexing.Sound;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Sounds;

namespace VideoUnderstanding.IntegrationTests.Sound;

/// <summary>Sounds that the committed model detects in tracks with synthetic and real sounds at known times.</summary>
public sealed class SoundModelTests(StarterSound sound)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Sounds and the accepted class names.</summary>
    public static TheoryData<string, string[]> Sounds => new()
    {
        { "bark", ["Dog", "Bark"] },
        { "siren", ["Siren"] },
        { "bell", ["Bell", "Ding"] },
        { "music", ["Music"] },
        { "applause", ["Applause"] },
        { "water", ["Water", "Waves, surf"] },
        { "phone", ["Telephone", "Telephone bell ringing"] },
    };

    [Theory]
    [MemberData(nameof(Sounds))]
    public async Task A_sound_is_detected_within_a_second_of_its_time(string name, string[] classes)
    {
        var samples = await SamplesAsync(name);
        var moments = await sound.DetectAsync(new SoundTrack(16).Add(name, 6, samples));

        var end = 6 + (double)samples.Length / SyntheticSounds.SampleRate;
        Assert.True(moments.Any(moment
            => Math.Abs(moment.Start - 6) <= 1 && moment.End > 6 && moment.End <= end + 1 && Names(moment).Any(classes.Contains)),
            string.Join('\n', moments.Select(Describe)));
    }

    [Fact]
    public async Task A_sound_is_detected_during_speech()
    {
        var track = new SoundTrack(16)
            .Add("", 1, await SoundSources.SpeechAsync("The harbour office opens at eight and closes when the last ferry has left.", "slt",
            Cancel), 0.25)
            .Add("siren", 3, SyntheticSounds.Siren(4));

        var moments = await sound.DetectAsync(track);

        Assert.Contains(moments, moment => Math.Abs(moment.Start - 3) <= 1 && Names(moment).Contains("Siren"));
    }

    [Fact]
    public async Task Speech_and_silence_give_no_moment_with_the_score_of_a_match()
    {
        var track = new SoundTrack(20);
        foreach (var (place, voice) in new[] { "kal", "slt", "rms", "awb" }.Index())
            track.Add("", 5 * place, await SoundSources.SpeechAsync("Please remember to bring your notes to the meeting.", voice, Cancel),
                0.9);

        Assert.DoesNotContain(await sound.DetectAsync(track), moment => moment.Scores[0] >= 0.5);
        Assert.Empty(await sound.DetectAsync(new SoundTrack(20)));
    }

    [Fact]
    public async Task A_sound_in_the_last_partial_second_is_detected()
        => Assert.Contains(await sound.DetectAsync(new SoundTrack(7.6).Add("bark", 6.9, await SoundSources.BarkAsync(Cancel))), moment
            => Names(moment).Contains("Dog"));

    [Fact]
    public async Task The_number_of_moments_is_limited_to_those_with_the_highest_scores()
    {
        var track = new SoundTrack(120);
        for (var start = 0; start < 120; start += 4)
            track.Add("bark", start, await SoundSources.BarkAsync(Cancel));
        var all = await sound.DetectAsync(track, new SoundOptions { MaxMomentsPerHour = 100_000, MinScore = 0.05 });
        var bounded = await sound.DetectAsync(track, new SoundOptions { MaxMomentsPerHour = 50, MinScore = 0.05 });

        Assert.True(all.Count > 50, $"{all.Count}");
        Assert.Equal(50, bounded.Count);
        Assert.Equal(all.Max(moment => moment.Scores[0]), bounded.Max(moment => moment.Scores[0]));
        Assert.Equal(bounded.OrderBy(moment => moment.Start), bounded);
    }

    [Fact]
    public async Task Running_water_in_a_real_clip_is_detected()
    {
        var track = new SoundTrack(3.1)
            .Add("water", 0, await SoundSources.DecodeAsync(AssetsFolder.File("media/stream-of-water.webm"), Cancel));

        Assert.Contains(await sound.DetectAsync(track), moment => Names(moment).Contains("Water") && moment.Start < 1 && moment.End > 2);
    }

    [Theory]
    [InlineData("jfk-inaugural.mp4")]
    [InlineData("his-girl-friday.mp4")]
    [InlineData("printing-lecture.mp4")]
    public async Task Old_recordings_of_speech_give_no_moment_with_the_score_of_a_match(string clip)
    {
        var samples = await SoundSources.DecodeAsync(AssetsFolder.File($"media/{clip}"), Cancel);
        var track = new SoundTrack((double)samples.Length / SyntheticSounds.SampleRate).Add("", 0, samples);

        Assert.DoesNotContain(await sound.DetectAsync(track), moment => moment.Scores[0] >= 0.5);
    }

    private static async Task<float[]> SamplesAsync(string name) => name switch
    {
        "bark" => await SoundSources.BarkAsync(Cancel),
        "siren" => SyntheticSounds.Siren(4),
        "bell" => SyntheticSounds.Bell(4, 1320),
        "music" => SyntheticSounds.Music(5),
        "applause" => SyntheticSounds.Applause(4, 3000),
        "water" => SyntheticSounds.Noise(5, 0.3, 150, 7),
        "phone" => await SoundSources.PhoneAsync(Cancel),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private IEnumerable<string> Names(DetectedMoment moment) => moment.Classes.Select(number => sound.Models.Sound.Classes.Names[number]);

    private string Describe(DetectedMoment moment)
        => $"{moment.Start:0.00}-{moment.End:0.00} "
            + string.Join(", ", Names(moment).Zip(moment.Scores, (name, score) => $"{name} {score:0.00}"));
}
