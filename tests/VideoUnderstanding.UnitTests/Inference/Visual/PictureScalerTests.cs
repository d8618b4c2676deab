using VideoUnderstanding.Inference.Visual;

namespace VideoUnderstanding.UnitTests.Inference.Visual;

/// <summary>The expected numbers were computed by a separate script from the published formula of Pillow's 8-bit resampling.</summary>
public sealed class PictureScalerTests
{
    [Fact]
    public void Bicubic_reduction_gives_pillows_numbers() => Assert.Equal(
        [
            39, 41, 47, 140, 106, 184, 153, 158, 93, 62, 145, 134, 163, 123, 162, 63, 163, 181, 164, 151, 90, 152, 111, 151, 86, 145, 123,
            188, 145, 104,
            89, 80, 90, 189, 86, 154, 98, 163, 111, 112, 135, 130, 211, 140, 144, 117, 131, 163, 180, 181, 102, 66, 130, 143, 147, 121, 125,
            165, 98, 112,
        ],
        Scale(13, 9, new ScaledRectangle(5, 4, 0, 0, 5, 4), ResampleFilter.Bicubic));

    [Fact]
    public void Bilinear_reduction_gives_pillows_numbers() => Assert.Equal(
        [
            48, 54, 61, 133, 106, 172, 151, 152, 99, 73, 143, 134, 158, 124, 158, 70, 151, 168, 155, 146, 101, 150, 119, 145, 95, 142, 123,
            180, 145, 109,
            96, 85, 98, 178, 96, 147, 101, 155, 115, 121, 137, 131, 200, 138, 141, 118, 134, 156, 172, 172, 109, 78, 132, 140, 143, 121,
            125, 166, 102, 114,
        ],
        Scale(13, 9, new ScaledRectangle(5, 4, 0, 0, 5, 4), ResampleFilter.Bilinear));

    [Fact]
    public void Bicubic_enlargement_gives_pillows_numbers() => Assert.Equal(
        [
            0, 0, 0, 10, 0, 0, 36, 2, 0, 62, 12, 0, 76, 18, 0, 4, 27, 0, 17, 28, 0, 43, 32, 0, 69, 42, 0, 83, 48, 0,
            9, 56, 0, 23, 57, 0, 49, 61, 0, 75, 71, 0, 89, 77, 0,
        ],
        Scale(3, 2, new ScaledRectangle(5, 3, 0, 0, 5, 3), ResampleFilter.Bicubic));

    [Fact]
    public void A_cropped_result_equals_the_crop_of_the_whole_result() => Assert.Equal(
        [
            80, 99, 213, 79, 184, 109, 149, 141, 42, 209, 121, 180, 57, 162, 96, 103, 98, 134, 174, 163, 159, 175, 141, 108,
            46, 159, 96, 124, 139, 134, 192, 155, 159, 199, 116, 108, 76, 114, 213, 142, 114, 109, 210, 109, 42, 92, 115, 180,
        ],
        Scale(20, 10, new ScaledRectangle(12, 6, 4, 1, 4, 4), ResampleFilter.Bicubic));

    [Theory]
    [InlineData(ResampleFilter.Bicubic)]
    [InlineData(ResampleFilter.Bilinear)]
    [InlineData(ResampleFilter.Lanczos)]
    public void A_picture_of_the_right_size_is_not_changed(ResampleFilter filter) =>
        Assert.Equal(Pattern(13, 9).Select(value => (int)value), Scale(13, 9, new ScaledRectangle(13, 9, 0, 0, 13, 9), filter));

    private static int[] Scale(int width, int height, ScaledRectangle goal, ResampleFilter filter)
    {
        var target = new byte[goal.KeptWidth * goal.KeptHeight * 3];
        PictureScaler.Scale(Pattern(width, height), width, height, goal, filter, target);
        return [.. target.Select(value => (int)value)];
    }

    private static byte[] Pattern(int width, int height) =>
        [.. from y in Enumerable.Range(0, height)
            from x in Enumerable.Range(0, width)
            from value in new[] { (x * 37 + y * 11) % 256, (x * x * 5 + y * 53) % 256, (x / 3 + y / 2) % 2 == 1 ? 255 : 0 }
            select (byte)value];
}
