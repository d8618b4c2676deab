using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference;

public sealed class OnnxSessionTests
{
    private const int Batch = 8, Side = 224;

    /// <summary>A server may stop while a model runs. Freed weights would crash the process.</summary>
    [Fact]
    public async Task Disposal_waits_for_a_run_that_has_begun()
    {
        var options = Options.Create(new ModelOptions { Device = ModelDevice.Cpu });
        var session = new OnnxSessions(options, NullLogger<OnnxSessions>.Instance)
            .Open(ProjectFolder.File("models/starter/picture/picture.onnx"));
        using var pictures = OrtValue.CreateTensorValueFromMemory(new float[Batch * 3 * Side * Side], [Batch, 3, Side, Side]);
        var inputs = new Dictionary<string, OrtValue> { ["rgb"] = pictures };
        var run = session.RunAsync(inputs, ["embedding"], CancellationToken.None);

        session.Dispose();

        using var results = await run;
        Assert.Equal(Batch * 768, results[0].GetTensorDataAsSpan<float>().Length);
    }

    /// <summary>A driver or a library of CUDA may be missing although there is a GPU.</summary>
    [Fact]
    public void A_gpu_that_a_model_does_not_get_is_not_in_use()
    {
        var model = ProjectFolder.File("models/starter/picture/picture.onnx");
        var sessions = new OnnxSessions(Options.Create(new ModelOptions { Device = ModelDevice.Auto }), NullLogger<OnnxSessions>.Instance)
        {
            IsGpuExpected = _ => true,
        };
        Assert.True(sessions.UsesGpu());

        using var session = sessions.Open(model);

        Assert.Equal(sessions.ProviderIn(Path.GetDirectoryName(model)!) == OnnxSessions.Cuda, sessions.UsesGpu());
    }
}
