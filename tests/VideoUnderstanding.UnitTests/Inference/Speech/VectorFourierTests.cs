using System.Numerics;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class VectorFourierTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(200)]
    [InlineData(400)]
    [InlineData(512)]
    public void A_transform_of_any_length_equals_its_definition(int length)
    {
        var random = new Random(length);
        var lanes = Vector<float>.Count;
        var signals = Enumerable.Range(0, lanes).Select(_ => Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5)).ToArray()).ToArray();
        var fourier = new VectorFourier(length);
        for (var i = 0; i < length; i++)
        {
            fourier.Real[i] = new Vector<float>([.. signals.Select(signal => (float)signal[i].Real)]);
            fourier.Imaginary[i] = new Vector<float>([.. signals.Select(signal => (float)signal[i].Imaginary)]);
        }

        fourier.Transform();

        for (var k = 0; k < length; k++)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var expected = Complex.Zero;
                for (var i = 0; i < length; i++)
                    expected += signals[lane][i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * i / length);
                Assert.Equal(expected.Real, fourier.Real[k][lane], 1e-3);
                Assert.Equal(expected.Imaginary, fourier.Imaginary[k][lane], 1e-3);
            }
        }
    }
}
