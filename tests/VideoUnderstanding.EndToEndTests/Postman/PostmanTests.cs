using System.Diagnostics;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Postman;

/// <summary>One run of the collection with a generated clip, shared by the tests.</summary>
public sealed class ShortRun(GeneratedSet set) : IAsyncLifetime
{
    public NewmanRun Run { get; private set; } = null!;

    public async ValueTask InitializeAsync()
        => Run = await NewmanRun.OfAsync(set.Server, set.PathOf(GeneratedClips.Colours), TimeSpan.FromMinutes(15));

    public ValueTask DisposeAsync()
    {
        Run.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Every assertion of the Postman collection is a separate test.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class PostmanTests(ShortRun shared) : IClassFixture<ShortRun>
{
    public static TheoryData<string, string> Assertions
        => [.. PostmanCollection.Requests().SelectMany(request => request.Assertions.Select(assertion => (request.Name, assertion)))];

    [Theory]
    [MemberData(nameof(Assertions))]
    public void An_assertion_of_the_collection_passes(string request, string assertion)
        => Assert.Null(shared.Run.FailureOf(request, assertion));
}

/// <summary>The collection with a short and a long clip.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class PostmanLengthTests(GeneratedSet set)
{
    [Theory]
    [InlineData(10)]
    [InlineData(900)]
    public async Task The_collection_passes_with_a_clip_of_any_length(int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("vu-length-").FullName;
        try
        {
            var clip = Path.Combine(folder, "clip.mp4");
            await EncodeAsync(clip, seconds);
            using var run = await NewmanRun.OfAsync(set.Server, clip, TimeSpan.FromMinutes(20));
            Assert.Empty(run.Failures);
            Assert.All(PostmanTests.Assertions, row => Assert.Null(run.FailureOf(row.Data.Item1, row.Data.Item2)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Writes a clip with two pictures per second that change colour every ten seconds, and a quiet tone. One minute is encoded
    /// and repeated.</summary>
    private static async Task EncodeAsync(string path, int seconds)
    {
        var minute = path + ".minute.mp4";
        await RunAsync("-f", "lavfi", "-i", "color=red:s=640x360:r=2:d=60,hue=h='floor(t/10)*40'",
            "-f", "lavfi", "-i", "sine=frequency=300:sample_rate=16000:d=60,volume=0.05",
            "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "32k", "-shortest", minute);
        await RunAsync("-stream_loop", "-1", "-i", minute, "-t", $"{seconds}", "-c", "copy", path);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var encoder = Process.Start("ffmpeg", ["-v", "error", .. arguments]);
        await encoder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, encoder.ExitCode);
    }
}
