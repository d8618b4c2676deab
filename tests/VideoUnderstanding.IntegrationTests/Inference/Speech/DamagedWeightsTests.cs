using System.Security.Cryptography;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>Speech model files that are damaged.</summary>
public sealed class DamagedWeightsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("damaged-weights-").FullName;

    [Fact]
    public void A_file_in_another_format_is_named()
    {
        var error = Assert.Throws<ModelUnavailableException>(() => StarterSpeech.Load(With("no weights"u8.ToArray())));

        Assert.Contains("model.bin is damaged or is not a ggml file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_named()
    {
        var role = StarterSpeech.Role(ModelRole.Speech);
        var whole = File.ReadAllBytes(role.PathOf(role.Model.Files[0].Path));

        var error = Assert.Throws<ModelUnavailableException>(() => StarterSpeech.Load(With(whole[..(whole.Length / 2)])));

        Assert.Contains("model.bin does not load", error.Message, StringComparison.Ordinal);
    }

    /// <summary><c>vu doctor</c> and <c>/health/ready</c> show this message, because both use <see cref="ModelCheck"/>.</summary>
    [Fact]
    public async Task The_check_at_the_start_reports_a_damaged_file()
    {
        var damaged = With("no weights"u8.ToArray());
        var profile = new ManifestProfile("own", null, new Dictionary<ModelRole, ManifestModel>
        {
            [ModelRole.Speech] = damaged.Model with { Folder = _folder },
            [ModelRole.VoiceActivity] = StarterSpeech.Role(ModelRole.VoiceActivity).Model with
            {
                Folder = StarterSpeech.Role(ModelRole.VoiceActivity).Folder,
            },
        });
        var options = Microsoft.Extensions.Options.Options.Create(new ModelOptions { Device = ModelDevice.Cpu });
        using var models = new ModelSet(profile, new ModelFolders(_folder, _folder, _ => null), StarterSpeech.Sessions, options);

        var result = await new ModelCheck(models, StarterSpeech.Sessions, TimeProvider.System).CheckAsync(ModelRole.Speech, default);

        Assert.Contains("model.bin is damaged or is not a ggml file", result.Failure, StringComparison.Ordinal);
    }

    private ManifestRole With(byte[] content)
    {
        File.WriteAllBytes(Path.Combine(_folder, "model.bin"), content);
        var role = StarterSpeech.Role(ModelRole.Speech);
        var file = new ManifestFile("model.bin", null, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length, "MIT", false);
        return role with { Folder = _folder, Model = role.Model with { Files = [file] } };
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
