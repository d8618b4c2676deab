using System.Text.Json;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Visual;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

[Trait("Needs", "Assets")]
public sealed class ReferencePreprocessingTests
{
    private const string Clip = """
        { "size": { "shortest_edge": 224 }, "crop_size": { "height": 224, "width": 224 }, "do_center_crop": true, "resample": 3,
          "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711] }
        """;
    private const string SigLip = """
        { "size": { "height": 224, "width": 224 }, "do_center_crop": false, "resample": 3, "image_mean": [0.5, 0.5, 0.5],
          "image_std": [0.5, 0.5, 0.5] }
        """;
    private const string PeCore = """
        { "size": { "height": 224, "width": 224 }, "do_center_crop": false, "resample": 2, "image_mean": [0.5, 0.5, 0.5],
          "image_std": [0.5, 0.5, 0.5] }
        """;

    [Theory]
    [InlineData("clip", Clip)]
    [InlineData("siglip", SigLip)]
    [InlineData("pe-core", PeCore)]
    public async Task Pixels_agree_with_the_reference_implementation(string processor, string config)
    {
        var pictures = ReferenceValues.Pictures.Where(picture => picture.Processor == processor).ToList();
        var transform = new PictureTransform(PictureSettings.Read(new ManifestNode("config", "$", JsonElement.Parse(config)), null));

        Assert.Equal(3, pictures.Count);
        foreach (var picture in pictures)
        {
            var expected = File.ReadAllBytes(ReferenceValues.File(picture.File));
            var planes = new float[transform.Length];
            transform.Apply(await StarterModels.ReadPictureAsync(ReferenceValues.File(picture.Picture)), planes);

            Assert.Equal(expected.Length, planes.Length);
            var plane = planes.Length / 3;
            for (var colour = 0; colour < 3; colour++)
                Assert.Equal(picture.First[colour], planes[colour * plane], 3.01 / 255 / picture.Std[colour]);
            var distances = planes.Select(
                (value, i) => Math.Abs(Math.Round((value * picture.Std[i / plane] + picture.Mean[i / plane]) * 255) - expected[i]))
                .ToList();
            Assert.InRange(distances.Max(), 0, 3);
            Assert.InRange(distances.Count(distance => distance <= 1), 0.999 * planes.Length, planes.Length);
        }
    }
}
