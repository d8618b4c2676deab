using System.Numerics.Tensors;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

[Trait("Needs", "Assets")]
public sealed class VisualEmbedderTests(StandinModels models) : IClassFixture<StandinModels>
{
    /// <summary>The documented level of the stand-in is 23 first of 48 photos and 32 in the first three; these 22 are among the 48.</summary>
    [Fact]
    public async Task Captions_find_their_photos()
    {
        var pairs = File.ReadAllLines(AssetsFolder.File("images/captions.tsv")).Select(line => line.Split('\t')).ToArray();
        var frames = await Task.WhenAll(pairs.Select(pair => StandinModels.ReadPictureAsync(AssetsFolder.File("images/" + pair[0]))));

        var pictures = await models.Set.Visual.EmbedFramesAsync(frames, default);
        var captions = await models.Set.Visual.EmbedTextsAsync([.. pairs.Select(pair => pair[1])], default);

        var ranks = captions.Select((caption, i) => pictures.Count(picture => Cosine(picture, caption) > Cosine(pictures[i], caption))).ToArray();
        Assert.Equal(22, ranks.Length);
        Assert.InRange(ranks.Count(rank => rank == 0), 9, 22);
        Assert.InRange(ranks.Count(rank => rank < 3), 16, 22);
    }

    [Fact]
    public async Task A_right_pair_scores_high_and_a_wrong_one_low()
    {
        AssetsFolder.Require();
        var peacock = await StandinModels.ReadPictureAsync(AssetsFolder.File("images/favorite-bird-2.jpg"));

        var picture = (await models.Set.Visual.EmbedFramesAsync([peacock], default))[0];
        var words = await models.Set.Visual.EmbedTextsAsync(["a peacock", "cars driving on a highway"], default);

        var scores = models.Set.Scores(ModelRole.VisualText);
        Assert.InRange(scores.ScoreOf(Cosine(picture, words[0])), 83, 100);
        Assert.InRange(scores.ScoreOf(Cosine(picture, words[1])), 0, 40);
    }

    [Fact]
    public async Task Frames_come_back_in_order_whatever_the_batches()
    {
        AssetsFolder.Require();
        var visual = models.Set.Visual;
        Frame[] frames = [.. await Task.WhenAll(new[] { "owl.jpg", "cat.jpg", "surfer.jpg" }.Select(name => StandinModels.ReadPictureAsync(AssetsFolder.File("images/" + name))))];
        Frame[] many = [.. Enumerable.Range(0, visual.BatchSize * 2 + 1).Select(i => frames[i % 3])];

        var together = await visual.EmbedFramesAsync(many, default);

        for (var i = 0; i < 3; i++)
            Assert.Equal(1, Cosine((await visual.EmbedFramesAsync([frames[i]], default))[0], together[i + 3]), 1e-4);
        Assert.All(together, vector => Assert.Equal(1, Cosine(vector, vector), 1e-4));
        Assert.All(together, vector => Assert.Equal(visual.Dimensions, vector.Length));
    }

    [Fact]
    public async Task A_word_the_model_never_saw_still_gives_a_vector()
    {
        AssetsFolder.Require();

        var vectors = await models.Set.Visual.EmbedTextsAsync(["", "xqzzyvw", string.Join(' ', Enumerable.Repeat("word", 500))], default);

        Assert.All(vectors, vector => Assert.Equal(1, Cosine(vector, vector), 1e-4));
    }

    [Fact]
    public async Task A_cancelled_run_stops()
    {
        AssetsFolder.Require();
        var frame = new Frame(0, true, 640, 360, new byte[640 * 360 * 3]);
        using var stop = new CancellationTokenSource();
        await models.Set.Visual.EmbedFramesAsync([frame], default);

        var run = models.Set.Visual.EmbedFramesAsync([.. Enumerable.Repeat(frame, 400)], stop.Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(150));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public void Asking_for_a_gpu_that_is_not_there_fails_with_the_reason()
    {
        AssetsFolder.Require();
        if (File.Exists("/dev/nvidiactl"))
            return;
        using var host = StandinModels.Start(ModelDevice.Cuda);
        using var set = (ModelSet)host.Services.GetService(typeof(ModelSet))!;

        var error = Assert.Throws<ModelUnavailableException>(() => set.Visual);

        Assert.StartsWith("The GPU was not obtained for ", error.Message);
    }

    [Fact]
    public async Task The_check_tells_vector_length_device_and_speed()
    {
        AssetsFolder.Require();

        var result = await models.Check.CheckAsync(ModelRole.VisualText, default);

        Assert.Equal((null, "clip-standin", 512, "CPU"), (result.Failure, result.ModelId, result.VectorLength, result.Provider));
        Assert.InRange(result.ItemsPerSecond!.Value, 0.1, 100_000);
    }

    [Fact]
    public async Task The_files_of_the_assets_folder_have_the_hashes_of_the_manifest()
    {
        AssetsFolder.Require();

        var states = await models.Store.VerifyAsync("standin", default);

        Assert.All(states, state => Assert.Equal(ModelFileCondition.Verified, state.Condition));
    }

    private static float Cosine(float[] one, float[] other) => TensorPrimitives.Dot<float>(one, other);
}
