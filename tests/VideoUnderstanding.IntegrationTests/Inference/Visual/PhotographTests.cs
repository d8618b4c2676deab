using System.Numerics.Tensors;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

[Trait("Needs", "Assets")]
public sealed class PhotographTests(StarterModels models)
{
    [Fact]
    public async Task Captions_find_their_photographs()
    {
        var pairs = File.ReadAllLines(AssetsFolder.File("images/captions.tsv")).Select(line => line.Split('\t')).ToArray();
        var frames = await Task.WhenAll(pairs.Select(pair => StarterModels.ReadPictureAsync(AssetsFolder.File("images/" + pair[0]))));

        var pictures = await models.Set.Visual.EmbedFramesAsync(frames, default);
        var captions = await models.Set.Visual.EmbedTextsAsync([.. pairs.Select(pair => pair[1])], default);

        var ranks = captions.Select((caption, i) => pictures.Count(picture => Cosine(picture, caption) > Cosine(pictures[i], caption)))
            .ToArray();
        Assert.Equal(22, ranks.Length);
        Assert.InRange(ranks.Count(rank => rank == 0), 17, 22);
        Assert.InRange(ranks.Count(rank => rank < 3), 20, 22);
    }

    private static float Cosine(float[] one, float[] other) => TensorPrimitives.Dot<float>(one, other);
}
