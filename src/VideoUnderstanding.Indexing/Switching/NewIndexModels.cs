using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Chooses the models of a new index: with the profile <c>auto</c> those of the newest index, so that after a switch of all
/// indexes new ones have the same models. A configured profile is used for all new indexes.</summary>
public sealed class NewIndexModels(VideoDbContext db, ModelSets modelSets, IOptions<ModelOptions> options)
{
    /// <summary>Must be called before the index has videos.</summary>
    public async Task ApplyAsync(VideoIndex index, CancellationToken cancellationToken)
    {
        if (!options.Value.IsAutoProfile)
            return;
        var profile = await db.Indexes
            .Where(other => other.DeletedAt == null && other.Id != index.Id)
            .OrderByDescending(other => other.Id)
            .Select(other => db.SearchTableSets.Where(set => set.IndexId == other.Id).Select(set => set.Profile).FirstOrDefault())
            .FirstOrDefaultAsync(cancellationToken);
        if (modelSets.Of(profile) is var found && found != modelSets.Default)
            await SearchGenerations.StartWithAsync(db, index.Id, profile!, found.Models.VectorModels(), cancellationToken);
    }
}
