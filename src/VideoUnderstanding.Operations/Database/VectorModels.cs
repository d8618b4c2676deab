using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Operations.Database;

public static class VectorModels
{
    /// <summary>The model whose embeddings fill the role's vector column; null if the role has no model or its model has no
    /// embeddings.</summary>
    public static VectorModel? VectorModel(this ModelSet models, ModelRole role)
        => models.Dimensions(role) is { } dimensions ? new VectorModel(models.Role(role)!.ModelId, dimensions) : null;
}
