using System.Text.Json;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Picture preprocessing of a model, as in preprocessor_config.json.</summary>
/// <param name="ShortestEdge">The shorter side is scaled to this, keeping the aspect ratio; null: scaled to <paramref name="Height"/> and
/// <paramref name="Width"/> without keeping it.</param>
/// <param name="Width">Width of the model's input, in pixels.</param>
/// <param name="Scale">Pixel values are multiplied by this; then <paramref name="Mean"/> is subtracted and the result divided by
/// <paramref name="Deviation"/>.</param>
internal sealed record PictureSettings(
    int? ShortestEdge, int Width, int Height, ResampleFilter Filter, double Scale, double[] Mean, double[] Deviation)
{
    /// <param name="overrides">Members that replace those of <paramref name="config"/>.</param>
    /// <exception cref="ManifestException">A value is missing or invalid.</exception>
    public static PictureSettings Read(ManifestNode? config, ManifestNode? overrides)
    {
        ManifestNode? Find(string name) => overrides?.Find(name) ?? config?.Find(name);
        ManifestNode Get(string name) => Find(name) ?? (config ?? overrides)?.Get(name)
            ?? throw new ManifestException(
                $"There is no preprocessor_config.json beside the weights, and the manifest's settings give no preprocessor.{name}.");
        bool Is(string name) => Find(name)?.Flag() ?? true;

        var size = Get("size");
        var crop = Find("do_center_crop")?.Flag() ?? false ? Get("crop_size") : (ManifestNode?)null;
        var shortest = ShortestEdgeOf(size, isCropped: crop is not null);
        var (width, height) = SidesOf(crop ?? size);
        if (shortest is { } edge && (crop is null || edge < Math.Max(width, height)))
            throw size.Invalid("keeps the shape of the picture, so a crop_size that fits inside must follow");
        if (crop is not null && shortest is null && SidesOf(size) != (width, height))
            throw size.Invalid("must be the same as crop_size when it names height and width");
        return new PictureSettings(
            shortest, width, height, FilterOf(Find("resample")), Is("do_rescale") ? Find("rescale_factor")?.Number() ?? 1.0 / 255 : 1,
            Is("do_normalize") ? Three(Get("image_mean")) : [0, 0, 0], Is("do_normalize") ? Three(Get("image_std")) : [1, 1, 1]);
    }

    /// <summary>The scaled size of a picture and the kept part, computed as in transformers' CLIPImageProcessor.</summary>
    public ScaledRectangle Place(int width, int height)
    {
        if (ShortestEdge is not { } edge)
            return new ScaledRectangle(Width, Height, 0, 0, Width, Height);
        var (scaledWidth, scaledHeight) = width <= height ? (edge, (int)((long)edge * height / width))
            : ((int)((long)edge * width / height), edge);
        return new ScaledRectangle(scaledWidth, scaledHeight, (scaledWidth - Width) / 2, (scaledHeight - Height) / 2, Width, Height);
    }

    /// <summary>A bare number is the shortest edge if a crop follows (older CLIP files), otherwise both sides.</summary>
    private static int? ShortestEdgeOf(ManifestNode size, bool isCropped) =>
        size.Value.ValueKind == JsonValueKind.Object ? (int?)size.Find("shortest_edge")?.Count()
        : isCropped ? (int)size.Count()
        : null;

    private static (int Width, int Height) SidesOf(ManifestNode size)
    {
        if (size.Value.ValueKind != JsonValueKind.Object)
            return ((int)size.Count(), (int)size.Count());
        if (size.Find("shortest_edge") is { } edge)
            return ((int)edge.Count(), (int)edge.Count());
        return ((int)size.Get("width").Count(), (int)size.Get("height").Count());
    }

    private static ResampleFilter FilterOf(ManifestNode? node)
    {
        if (node is not { } given)
            return ResampleFilter.Bicubic;
        return Enum.IsDefined((ResampleFilter)given.Number()) ? (ResampleFilter)given.Number()
            : throw given.Invalid("must be 1 (Lanczos), 2 (bilinear) or 3 (bicubic)");
    }

    private static double[] Three(ManifestNode node)
    {
        double[] three = [.. node.Items().Select(item => item.Number())];
        return three.Length == 3 ? three : throw node.Invalid("must be three numbers, for red, green and blue");
    }
}
