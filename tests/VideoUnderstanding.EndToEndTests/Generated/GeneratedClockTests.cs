using System.Diagnostics;
using System.Net;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>One film in files with different timestamps and tracks. The transcript, its times and the duration must be the same for each
/// file.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedClockTests(GeneratedSet set) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("generated-clock-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("late.mkv", "-c copy -output_ts_offset 1000")]
    [InlineData("late.ts", "-c copy -output_ts_offset 8000")]
    // The channels are out of phase.
    [InlineData("phase.mp4", "-c:v copy -c:a aac -af pan=stereo|c0=c0|c1=-1*c0")]
    // The default track is a tone; the speech is in another track.
    [InlineData("tracks.mkv", "-f lavfi -i sine=d=5 -map 0:v -map 1:a -map 0:a -c:v copy -c:a aac -disposition:a:0 default "
        + "-disposition:a:1 0")]
    [InlineData("second.mp4", "-f lavfi -i anullsrc=d=5 -map 0:v -map 1:a -map 0:a -c:v copy -c:a aac -disposition:a:0 0 "
        + "-disposition:a:1 default")]
    public async Task Words_and_duration_do_not_depend_on_the_file_format(string name, string options)
    {
        await RunAsync(["-i", set.PathOf(GeneratedClips.Colours), .. options.Split(' '), PathOf(name)]);

        await AssertSameFilmAsync(PathOf(name));
    }

    [Theory]
    [InlineData(0, 44_100, 1)]
    [InlineData(30_000, 48_000, 6)]
    public async Task Two_parts_with_a_timestamp_jump_and_different_sound_formats_are_one_film(int offset, int rate, int channels)
    {
        var film = set.PathOf(GeneratedClips.Colours);
        string[] picture = ["-c:v", "libx264", "-preset", "ultrafast"];
        await RunAsync(["-i", film, "-t", "6", .. picture, "-c:a", "aac", "-ac", "2", "-ar", "48000", PathOf("1.ts")]);
        await RunAsync(["-ss", "6", "-i", film, .. picture, "-c:a", "aac", "-ac", $"{channels}", "-ar", $"{rate}",
            "-output_ts_offset", $"{offset}", PathOf("2.ts")]);
        await File.WriteAllBytesAsync(PathOf("film.ts"),
            [.. await File.ReadAllBytesAsync(PathOf("1.ts")), .. await File.ReadAllBytesAsync(PathOf("2.ts"))]);

        await AssertSameFilmAsync(PathOf("film.ts"));
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task AssertSameFilmAsync(string path)
    {
        var index = await set.Api.CreateIndexAsync($"clock {Guid.NewGuid():N}", "conversation");
        var video = await set.Api.IndexAsync(index, path);
        var (facts, expected) = (set.Facts[GeneratedClips.Colours], set.Facts[GeneratedClips.Colours].Speech);
        var said = (await set.Api.GetAsync($"indexes/{index}/videos/{video}/transcription")).Expect(HttpStatusCode.OK)
            .GetProperty("data").EnumerateArray().ToList();

        Assert.Equal(expected.Count, said.Count);
        // Re-encoding the sound may change a word that is hard to recognise.
        Assert.InRange(
            expected.Zip(said, (phrase, segment) => WordsThatDiffer(phrase.Text, segment.GetProperty("value").GetString()!)).Sum(), 0, 1);
        foreach (var (phrase, segment) in expected.Zip(said))
        {
            Assert.InRange(segment.GetProperty("start").GetDouble(), phrase.Start - 0.3, phrase.Start + 0.3);
            Assert.InRange(segment.GetProperty("end").GetDouble(), phrase.End - 0.3, phrase.End + 0.3);
        }
        Assert.InRange((await set.Api.GetAsync($"indexes/{index}/videos/{video}")).Expect(HttpStatusCode.OK).GetProperty("metadata")
            .GetProperty("duration").GetDouble(), facts.Duration - 0.2, facts.Duration + 0.2);
        Assert.InRange((await set.Api.GetAsync($"indexes/{index}")).Expect(HttpStatusCode.OK).GetProperty("total_duration").GetDouble(),
            facts.Duration - 0.2, facts.Duration + 0.2);
    }

    private static int WordsThatDiffer(string one, string other)
    {
        var (words, others) = (one.Split(' '), other.Split(' '));
        return Math.Abs(words.Length - others.Length) + words.Zip(others).Count(pair => pair.First != pair.Second);
    }

    private static async Task RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }
}
