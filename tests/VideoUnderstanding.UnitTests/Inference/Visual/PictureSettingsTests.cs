using System.Text.Json;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Inference.Visual;

public sealed class PictureSettingsTests
{
    private const string Clip = """
        { "size": { "shortest_edge": 224 }, "resample": 3, "do_center_crop": true, "crop_size": { "height": 224, "width": 224 },
          "rescale_factor": 0.00392156862745098, "image_mean": [0.48145466, 0.4578275, 0.40821073],
          "image_std": [0.26862954, 0.26130258, 0.27577711] }
        """;

    private const string Squash =
        """{ "size": { "height": 224, "width": 224 }, "resample": 2, "do_center_crop": false, "image_mean": [0.5, 0.5, 0.5]"""
            + """, "image_std": [0.5, 0.5, 0.5] }""";

    [Theory]
    [InlineData(640, 360, 398, 224, 87, 0)]
    [InlineData(360, 640, 224, 398, 0, 87)]
    [InlineData(1280, 720, 398, 224, 87, 0)]
    [InlineData(100, 101, 224, 226, 0, 1)]
    public void Clip_scales_the_shorter_side_and_keeps_the_middle(
        int width, int height, int scaledWidth, int scaledHeight, int left, int top) =>
            Assert.Equal(new ScaledRectangle(scaledWidth, scaledHeight, left, top, 224, 224), Read(Clip).Place(width, height));

    [Fact]
    public void A_model_without_crop_gets_the_whole_picture_with_another_aspect_ratio() =>
        Assert.Equal(new ScaledRectangle(224, 224, 0, 0, 224, 224), Read(Squash).Place(1280, 720));

    [Fact]
    public void The_older_form_with_plain_numbers_is_equivalent() => Assert.Equal(
        Read(Clip).Place(640, 360),
        Read("""{ "size": 224, "crop_size": 224, "do_center_crop": true, "resample": 3, "image_mean": [0, 0, 0], "image_std": [1, 1, 1] """
            + """}""").Place(640, 360));

    [Fact]
    public void The_manifest_may_set_single_members() =>
        Assert.Equal(ResampleFilter.Bicubic, PictureSettings.Read(Node(Squash), Node("""{ "resample": 3 }""")).Filter);

    [Theory]
    [InlineData("""{ "size": 8, "image_mean": [0, 0, 0] }""", "file: $ must have a member \"image_std\"")]
    [InlineData("""{ "size": 8, "image_mean": [0, 0], "image_std": [1, 1, 1] }""", "file: $.image_mean must be three numbers")]
    [InlineData("""{ "size": 8, "resample": 0, "do_normalize": false }""",
        "file: $.resample must be 1 (Lanczos), 2 (bilinear) or 3 (bicubic)")]
    [InlineData("""{ "size": { "shortest_edge": 8 }, "do_normalize": false }""", "file: $.size keeps the shape of the picture")]
    public void Missing_and_invalid_values_are_reported(string json, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<ManifestException>(() => Read(json)).Message);

    [Fact]
    public void Pixels_become_planes_of_normalised_numbers()
    {
        var transform = new PictureTransform(Read("""
            { "size": { "height": 1, "width": 2 }, "rescale_factor": 0.00392156862745098, "image_mean": [0.5, 0.25, 0],
              "image_std": [0.5, 0.25, 1] }
            """));
        var planes = new float[transform.Length];

        transform.Apply(new Frame(0, true, 2, 1, [255, 0, 51, 0, 255, 102]), planes);

        Assert.Equal([1, -1, -1, 3, 0.2f, 0.4f], planes, (a, b) => Math.Abs(a - b) < 1e-6);
    }

    private static PictureSettings Read(string json) => PictureSettings.Read(Node(json), null);

    private static ManifestNode Node(string json) => new("file", "$", JsonElement.Parse(json));
}
