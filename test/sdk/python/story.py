import os
from typing import TypeVar

from openrmat import AuthenticatedClient
from openrmat.api.designations import create_designation, list_designations
from openrmat.api.search import search_records
from openrmat.api.therapies import create_therapy, delete_therapy, get_therapy, update_therapy
from openrmat.models import (
    CellOrigin,
    CellSource,
    Designation,
    DesignationEventStatus,
    DesignationPage,
    Modality,
    NewDesignation,
    NewDesignationEvent,
    NewTherapy,
    Problem,
    SearchAnswer,
    Therapy,
    TherapyPatch,
)
from openrmat.types import UNSET

Answer = TypeVar("Answer")

client = AuthenticatedClient(
    base_url=os.environ.get("OPENRMAT_URL", "http://localhost:3000"),
    token=os.environ.get("OPENRMAT_KEY", ""),
)


def expect(kind: type[Answer], answer: object) -> Answer:
    """The answer that is hoped for; a problem document is raised as the error that it describes."""
    if isinstance(answer, kind):
        return answer
    raise RuntimeError(answer.detail if isinstance(answer, Problem) else answer)


# A name is found as it is remembered.
q = "tisagenlecluecel"
hit = expect(SearchAnswer, search_records.sync(client=client, q=q, limit=1)).data[0]
print(f"{q}: {hit.name} ({hit.matched.how})")

# Read the record.
therapy = expect(Therapy, get_therapy.sync(hit.slug, client=client))
targets = ", ".join(target.name for target in therapy.targets)
print(f"{therapy.name}: {therapy.modality}, {therapy.cell_origin}, against {targets}")

# A list comes a page at a time: each says the cursor of the next.
found = pages = 0
cursor: str | None = None
while pages == 0 or (cursor and pages < 3):
    page = expect(
        DesignationPage,
        list_designations.sync(
            client=client, program=["fda:rmat"], sort="-announcedOn", limit=5, cursor=cursor or UNSET
        ),
    )
    found += len(page.data)
    pages += 1
    cursor = page.page.next_
print(f"{found} RMAT designations on {pages} pages")

# Create a therapy, and its designation with what happened to it.
new_therapy = NewTherapy(
    name="Ixmyelocel-T",
    modality=Modality.OTHER_CELL_THERAPY,
    cell_origin=CellOrigin.AUTOLOGOUS,
    cell_source=CellSource.BONE_MARROW,
)
created = create_therapy.sync_detailed(client=client, body=new_therapy)
slug = expect(Therapy, created.parsed).slug
new_designation = NewDesignation(
    therapy=slug,
    program="fda:rmat",
    indication="ischemic-heart-failure",
    events=[
        NewDesignationEvent(status=DesignationEventStatus.REQUESTED),
        NewDesignationEvent(
            status=DesignationEventStatus.GRANTED,
            announced_on="2017-05-10",
            note="The day is that of the press release.",
        ),
    ],
)
designation = expect(Designation, create_designation.sync(client=client, body=new_designation))
print(f"{designation.name}: {designation.status}, announced on {designation.announced_on}")

# Change the version that was read, and no other: its ETag goes along.
etag = created.headers["etag"]
patch = TherapyPatch(summary="Cells of the bone marrow of the patient, expanded.")
updated = expect(Therapy, update_therapy.sync(slug, client=client, body=patch, if_match=etag))
print(f"{updated.name}: version {updated.version}")

# The same again: the ETag is stale now.
stale = expect(Problem, update_therapy.sync(slug, client=client, body=patch, if_match=etag))
print(f"{stale.status} {stale.title}")

# A problem document says what would be right.
problem = expect(Problem, list_designations.sync(client=client, status=["grantd"]))
print(f"{problem.status} {problem.title}")
for fault in problem.errors or []:
    print(f"{fault.parameter}: {fault.message}")

# Delete the therapy, and what refers to it.
deleted = delete_therapy.sync_detailed(slug, client=client, cascade=True)
print(f"{slug}: deleted ({deleted.status_code})")
