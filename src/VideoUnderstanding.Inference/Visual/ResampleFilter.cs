namespace VideoUnderstanding.Inference.Visual;

/// <summary>How pictures are scaled; the numbers are those of preprocessor_config.json (Pillow's Resampling).</summary>
public enum ResampleFilter
{
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
}
