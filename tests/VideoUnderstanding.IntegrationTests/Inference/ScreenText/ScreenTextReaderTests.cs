using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.ScreenText;

[Trait("Needs", "Assets")]
public sealed class ScreenTextReaderTests(StarterModels models, ITestOutputHelper output)
{
    /// <summary>Maximum share of wrong letters and digits. Case is ignored.</summary>
    private const double Tolerance = 0.1;

    [Theory]
    [InlineData("big-buck-bunny.mp4")]
    [InlineData("slides-climate.mov")]
    [InlineData("jfk-inaugural.mp4")]
    [InlineData("printing-lecture.mp4")]
    [InlineData("reel-one.mp4")]
    public async Task Every_text_on_screen_is_read_in_at_least_one_picture(string file)
    {
        AssetsFolder.Require();
        var missing = GroundTruth.Load()[file].OnScreenText
            .SelectMany(text => text.Text.Split('|').Select(part => text with { Text = LettersAndDigits(part) })).ToList();
        var tracker = new ScreenTextTracker(models.Set.ScreenText);
        var pictures = 0;
        // Reading takes much longer than decoding, so only pictures with a text that was not read before are read.
        await foreach (var frame in RealClips.PicturesAsync(file).Where(frame => missing.Any(text => IsShown(text, frame.Time))))
        {
            pictures++;
            var read = LettersAndDigits(string.Concat((await tracker.NextAsync(frame, default)).Select(line => line.Text)));
            missing.RemoveAll(text => IsShown(text, frame.Time) && Errors(text.Text, read) <= Tolerance * text.Text.Length);
            if (missing.Count == 0)
                break;
        }
        output.WriteLine($"{file}: {pictures} pictures and {tracker.RegionsRead} regions read");

        Assert.Empty(missing);
    }

    /// <summary>The limit is a share of the pictures, so it needs no more pictures than every third one of these clips.</summary>
    [Fact]
    public async Task Pictures_without_text_have_few_false_lines()
    {
        AssetsFolder.Require();
        var (pictures, lines) = (0, new List<string>());
        foreach (var file in new[]
        {
            "bottles.mp4", "rooftops.mp4", "cars-overhead.mp4", "dog-park.mp4", "flower.mp4", "stream-of-water.webm", "toy-rabbit.mp4",
        })
        {
            await foreach (var frame in RealClips.PicturesAsync(file).Where((_, number) => number % 3 == 0))
            {
                pictures++;
                lines.AddRange((await models.Set.ScreenText.ReadAsync(frame, default))
                    .Select(line => $"{file} {frame.Time:F1}: {line.Text} ({line.Confidence:F0})"));
            }
        }
        output.WriteLine($"{lines.Count} false lines in {pictures} pictures: {string.Join("; ", lines)}");

        Assert.InRange(lines.Count, 0, pictures / 4);
    }

    [Fact]
    public async Task A_still_picture_is_read_once()
    {
        AssetsFolder.Require();
        var tracker = new ScreenTextTracker(models.Set.ScreenText);
        var frames = await RealClips.PicturesAsync("jfk-inaugural.mp4").Take(3).ToListAsync();

        var first = await tracker.NextAsync(frames[0], default);
        var read = tracker.RegionsRead;
        foreach (var frame in frames.Skip(1))
            Assert.Equal(first, await tracker.NextAsync(frame, default));

        Assert.NotEmpty(first);
        Assert.Equal(read, tracker.RegionsRead);
    }

    [Fact]
    public async Task Only_the_given_regions_are_read()
    {
        AssetsFolder.Require();
        var frame = await RealClips.PicturesAsync("jfk-inaugural.mp4").FirstAsync();
        var all = await models.Set.ScreenText.ReadAsync(frame, default);
        var middle = all.Single(line => line.Text.Contains("Kennedy", StringComparison.Ordinal));

        var lines = await models.Set.ScreenText.ReadAsync(frame, [middle.Box], default);

        Assert.Equal("President John F. Kennedy", Assert.Single(lines).Text);
        Assert.True(lines[0].Box.Overlap(middle.Box) * 2 > middle.Box.Area);
    }

    [Fact]
    public async Task Several_pictures_can_be_read_at_a_time()
    {
        AssetsFolder.Require();
        var frames = await RealClips.PicturesAsync("printing-lecture.mp4").Take(3).ToListAsync();

        var answers = await Task.WhenAll(frames.Select(frame => models.Set.ScreenText.ReadAsync(frame, default)));

        Assert.All(answers, lines => Assert.Contains(lines, line => line.Text == "The Art of Printing"));
    }

    private static bool IsShown(TimedText text, double time) => time >= text.Start && time <= text.End;

    private static string LettersAndDigits(string text) => new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    /// <summary>Minimum number of insertions, deletions and replacements that turn the expected characters into a part of the characters
    /// that were read.</summary>
    private static int Errors(string wanted, string read)
    {
        var row = Enumerable.Range(0, wanted.Length + 1).ToArray();
        var minErrors = row[^1];
        foreach (var character in read)
        {
            var diagonal = row[0];
            for (var i = 1; i <= wanted.Length; i++)
            {
                var above = row[i];
                row[i] = Math.Min(Math.Min(above, row[i - 1]) + 1, diagonal + (wanted[i - 1] == character ? 0 : 1));
                diagonal = above;
            }
            minErrors = Math.Min(minErrors, row[^1]);
        }
        return minErrors;
    }
}
