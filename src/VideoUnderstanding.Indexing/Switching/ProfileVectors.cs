using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Switching;

public static class ProfileVectors
{
    /// <summary>The model whose embeddings fill the role's vector column; null if the role has no model or its model has no
    /// embeddings.</summary>
    public static VectorModel? VectorModel(this ModelSet models, ModelRole role)
        => models.Dimensions(role) is { } dimensions ? new VectorModel(models.Role(role)!.ModelId, dimensions) : null;

    public static VectorModels VectorModels(this ModelSet models)
        => new(models.VectorModel(ModelRole.VisualText), models.VectorModel(ModelRole.TextEmbedding));

    /// <summary>Checks the vectors of each index with the models of its profile. Must be called after the migrations at every
    /// start.</summary>
    /// <returns>Null if all stored vectors fit; otherwise an error message for the user.</returns>
    public static async Task<string?> EnsureVectorsAsync(
        this VideoDbContext db, ModelSets modelSets, CancellationToken cancellationToken)
    {
        var own = modelSets.Default.Models.VectorModels();
        try
        {
            return await VectorColumns.EnsureAsync(db, own.Visual, own.Text, cancellationToken)
                ?? await VectorColumns.EnsureSwitchedAsync(db, profile => modelSets.Of(profile).Models.VectorModels(), cancellationToken);
        }
        catch (ModelUnavailableException missing)
        {
            return missing.Message;
        }
    }
}
