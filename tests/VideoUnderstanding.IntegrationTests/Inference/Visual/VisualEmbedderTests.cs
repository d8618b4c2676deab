using System.Numerics.Tensors;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

/// <summary>Picture and query embeddings with the committed weights.</summary>
public sealed class VisualEmbedderTests(StarterModels models)
{
    [Fact]
    public async Task Vectors_are_returned_in_the_order_of_the_frames_for_any_batch_size()
    {
        var visual = models.Set.Visual;
        Frame[] frames = [Stripes(3), Stripes(17), Stripes(64)];
        Frame[] many = [.. Enumerable.Range(0, visual.BatchSize * 2 + 1).Select(i => frames[i % 3])];

        var together = await visual.EmbedFramesAsync(many, default);

        for (var i = 0; i < 3; i++)
            Assert.Equal(1, Cosine((await visual.EmbedFramesAsync([frames[i]], default))[0], together[i + 3]), 1e-4);
        Assert.True(Cosine(together[0], together[1]) < 0.98);
        Assert.All(together, vector => Assert.Equal(1, Cosine(vector, vector), 1e-4));
        Assert.All(together, vector => Assert.Equal(visual.Dimensions, vector.Length));
    }

    [Fact]
    public async Task Queries_with_a_similar_meaning_have_a_high_cosine()
    {
        var vectors = await models.Set.Visual.EmbedTextsAsync(
            ["a dog runs through the grass", "a puppy playing on a lawn", "traffic on a motorway"], default);

        Assert.True(Cosine(vectors[0], vectors[1]) > 0.5);
        Assert.True(Cosine(vectors[0], vectors[2]) < 0.3);
    }

    [Fact]
    public async Task An_empty_an_unknown_and_a_long_text_give_unit_vectors()
    {
        var vectors = await models.Set.Visual.EmbedTextsAsync(["", "xqzzyvw", string.Join(' ', Enumerable.Repeat("word", 500))], default);

        Assert.All(vectors, vector => Assert.Equal(1, Cosine(vector, vector), 1e-4));
    }

    [Fact]
    public async Task The_visual_model_works_in_a_profile_without_its_sentence_model_as_text_role()
    {
        using var host = StarterModels.Start(ModelDevice.Cpu);
        var starter = host.Services.GetRequiredService<ManifestProfile>();
        var alone = starter with
        {
            Models = new Dictionary<ModelRole, ManifestModel> { [ModelRole.VisualText] = starter.Models[ModelRole.VisualText] },
        };
        using var set = new ModelSet(alone, host.Services.GetRequiredService<ModelFolders>(),
            host.Services.GetRequiredService<OnnxSessions>(),
            host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<ModelOptions>>());

        var vector = (await set.Visual.EmbedTextsAsync(["a dog"], default))[0];

        Assert.Equal(1, Cosine(vector, (await models.Set.Visual.EmbedTextsAsync(["a dog"], default))[0]), 1e-4);
    }

    [Fact]
    public async Task A_cancelled_run_stops()
    {
        var frame = Stripes(5);
        using var stop = new CancellationTokenSource();
        await models.Set.Visual.EmbedFramesAsync([frame], default);

        var run = models.Set.Visual.EmbedFramesAsync([.. Enumerable.Repeat(frame, 2_000)], stop.Token);
        stop.CancelAfter(TimeSpan.FromMilliseconds(150));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public void A_missing_gpu_is_reported_with_the_reason()
    {
        if (File.Exists("/dev/nvidiactl"))
            return;
        using var host = StarterModels.Start(ModelDevice.Cuda);
        using var set = host.Services.GetRequiredService<ModelSet>();

        var error = Assert.Throws<ModelUnavailableException>(() => set.Visual);

        Assert.StartsWith("The GPU was not obtained for ", error.Message);
    }

    [Fact]
    public async Task The_check_reports_vector_length_device_and_speed()
    {
        var result = await models.Check.CheckAsync(ModelRole.VisualText, default);

        Assert.Equal((null, "starter-picture", 768, "CPU"), (result.Failure, result.ModelId, result.VectorLength, result.Provider));
        Assert.InRange(result.ItemsPerSecond!.Value, 0.1, 100_000);
    }

    [Fact]
    public async Task The_committed_files_have_the_hashes_of_the_manifest()
    {
        var states = await models.Store.VerifyAsync("starter", default);

        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.Equal(ModelFileCondition.Verified, state.Condition));
    }

    /// <summary>A frame with vertical grey stripes.</summary>
    /// <param name="width">Width of a stripe in pixels.</param>
    private static Frame Stripes(int width)
    {
        var pixels = new byte[320 * 240 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(i / 3 % 320 / width % 2 == 0 ? 30 : 220);
        return new Frame(0, true, 320, 240, pixels);
    }

    private static float Cosine(float[] one, float[] other) => TensorPrimitives.Dot<float>(one, other);
}
