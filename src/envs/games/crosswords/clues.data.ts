/*
 * Words and definitions selected from WordNet 3.1 by scripts/make-clues.mjs, which shortens definitions and leaves examples out.
 * Change the script rather than this file.
 *
 * This software and database is being provided to you, the LICENSEE, by
 * Princeton University under the following license.  By obtaining, using
 * and/or copying this software and database, you agree that you have
 * read, understood, and will comply with these terms and conditions.:
 *
 * Permission to use, copy, modify and distribute this software and
 * database and its documentation for any purpose and without fee or
 * royalty is hereby granted, provided that you agree to comply with
 * the following copyright notice and statements, including the disclaimer,
 * and that the same appear on ALL copies of the software, database and
 * documentation, including modifications that you make for internal
 * use or for distribution.
 *
 * WordNet 3.1 Copyright 2011 by Princeton University.  All rights reserved.
 *
 * THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON
 * UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES, EXPRESS OR
 * IMPLIED.  BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON
 * UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT-
 * ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE
 * OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT
 * INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR
 * OTHER RIGHTS.
 *
 * The name of Princeton University or Princeton may not be used in
 * advertising or publicity pertaining to distribution of the software
 * and/or database.  Title to copyright in this software, database and
 * any associated documentation shall at all times remain with
 * Princeton University and LICENSEE agrees to preserve same.
 */

/** Everyday words, one a line: the word, a space, its clue. */
export const EVERYDAY_CLUES: string = `
ability The quality of being able to perform
able Having the necessary means or skill or know-how or authority to do something
absolute Perfect or complete or pure
accomplish Put in effect
achieve To gain with effort
acquire Come into the possession of something concrete or abstract
action Something done (usually as opposed to something said)
actual Presently existing in fact and not merely potential or possible
adequate Having the requisite qualities or resources to meet a task
adjust Alter or regulate so as to achieve accuracy or conform to a standard
adopt Choose and follow; as of theories, ideas, policies, strategies or plans
advantage The quality of having a superior or more favorable position
advice A proposal for an appropriate course of action
afford Be able to spare or give up
afraid Filled with fear or apprehension
age How long something has existed
agent An active and efficient cause; capable of producing a certain effect
aid Give help or assistance; be of service
alter Cause to change; make different; cause a transformation
anger A strong emotion; a feeling that is oriented toward some real or supposed grievance
animal A living organism characterized by voluntary movement
another Any of various alternatives; some other
any One or some or every or all without specification
apparatus Equipment designed to serve a specific function
appearance Outward or visible aspect of a person or thing
appoint Create and charge with a task or function
approve Give sanction to
army A permanent organization of the military land forces of a nation or state
arrow A mark to indicate a direction or relation
article Nonfictional prose forming an independent part of a publication
artist A person whose creative work shows sensitivity and imagination
ask Make a request or demand for something to somebody
assume Take to be the case or to be true; accept without verification or proof
atom The smallest component of an element having the chemical properties of the element
audience A gathering of spectators or listeners at a (usually public) performance
available Obtainable or accessible and ready for use or service
await Look forward to the probable occurrence of
award A grant made by a law court
aware Having or showing knowledge or understanding or realization or perception
awful Exceptionally bad or displeasing
bad Having undesirable or negative qualities
balance A state of equilibrium
ball Round object that is hit or thrown or kicked in games
barn An outlying farm building for storing grain or animal feed and housing farm animals
basement The lowermost portion of a structure partly or wholly below ground level
battery Group of guns or missile launchers operated together at one place
battle A hostile meeting of opposing military forces in the course of a war
beautiful Delighting the senses or exciting intellectual or emotional admiration
beauty The qualities that give pleasure to the senses
become Enter or assume a certain state or condition
bed A piece of furniture that provides a place to sleep
bee Any of numerous hairy-bodied insects including social and solitary species
beg Call upon in supplication; entreat
behavior Manner of acting or controlling yourself
being The state or fact of existing
belief Any cognitive content held as true
best Having the most positive qualities
bill A statute in draft before it becomes law
bit A small piece or quantity of something
bite To grip, cut off, or tear with or as if with the teeth or jaws
blanket Bedding that keeps a person warm in bed
block A solid piece of something (usually having flat rectangular sides)
bloom Produce or yield flowers
blue Of the color intermediate between green and violet
body The entire physical structure of an organism (an animal, plant, or human being)
book A written work or composition that has been published (printed on pages bound together)
bottle A glass or plastic vessel used for storing drinks or other liquids
box A (usually rectangular) container; may have a lid
boy A youthful male person
brain That part of the central nervous system that includes all the higher nervous centers
broken Physically and forcibly separated into pieces or cracked or split
brother A male with the same parents as someone else
brown Of a color similar to that of wood or earth
build Make by combining materials and parts
building A structure that has a roof and walls and stands more or less permanently in one place
bullet A projectile that is fired from a gun
busy Actively or fully engaged or occupied
buy Obtain by purchase; acquire by means of a financial transaction
calm Not agitated; without losing self-possession
candidate A politician who is running for public office
cap A tight-fitting headdress
capital Assets available for use in the production of further assets
car A motor vehicle with four wheels; usually propelled by an internal combustion engine
care Feel concern or interest
career The particular occupation for which you are trained
category A collection of things sharing a common attribute
cease Put an end to a state or an activity
celebrate Behave as expected during of holidays or rites
cell Any small compartment
cent A fractional monetary unit of several countries
central Serving as an essential component
century A period of 100 years
certain Definite but not specified or identified
chain A series of things depending on each other as if linked together
chair A seat for one person, with a support for the back
chance A possibility due to a favorable combination of circumstances
chapter A subdivision of a written work; usually numbered and titled
cheek Either side of the face below the eyes
chlorine A common nonmetallic element belonging to the halogens
citizen A native or naturalized member of a state or other political community
city A large and densely populated urban area
cluster A grouping of a number of similar things
clutch Take hold of; grab
coach Someone in charge of training an athlete or a team
coast The shore of a sea or ocean
coat An outer garment that has sleeves and covers the body from shoulder down; worn outdoors
color A visual attribute of things that results from the light they emit or transmit or reflect
combat An engagement fought between two military forces
comedy Light and humorous drama with a happy ending
commission A special group delegated to consider some matter
community A group of people living in a particular local area
company An institution created to conduct business
compare Examine and note the similarities or differences of
comrade A friend who is frequently in the company of another
conceive Have the idea for
concept An abstract or general idea inferred or derived from specific instances
concerned Feeling or showing worry or solicitude
conclusion A position or opinion or judgment reached after consideration
concrete A strong hard building material composed of sand and gravel and cement and water
condemn Express strong disapproval of
condition A state at a particular time
confidence Freedom from doubt; belief in yourself and your abilities
confusion Disorder resulting from a failure to behave predictably
constant Unvarying in nature
constitute Form or compose
consult Get or ask advice from
contend Maintain or assert
context Discourse that surrounds a language unit and helps to determine its interpretation
conviction An unshakable belief in something without need for proof or evidence
cool Neither warm nor very cold; giving relief from heat
country A politically organized body of people under a single government
county A region created by territorial division for the purpose of local government
course Education imparted in a series of lessons or meetings
court An assembly (including one or more judges) to conduct judicial business
cow Female of domestic cattle
create Make or cause to be or to become
crime An act punishable by law; usually considered an evil act
crowd A large number of things or people considered together
cup A small open container usually used for drinking; usually has a handle
curiosity A state in which you want to learn more about something
curve The trace of a point whose direction of motion changes
customer Someone who pays for goods or services
cut Separate with or as if with an instrument
darkness Absence of light or illumination
data A collection of facts from which conclusions may be drawn
date The specified day of the month
daughter A female human offspring
dead No longer having or seeming to have or expecting to have life
debate A discussion in which reasons are advanced for and against some proposition or proposal
decade A period of 10 years
decision The act of making up your mind about something
denote Be a sign or indication of
density The amount per unit size
department A specialized division of a large organization
depth The extent downward or backward or inward
desk A piece of furniture with a writing surface and usually drawers or other compartments
detective A police officer who investigates crimes
detergent A surface-active chemical widely used in industry and laundering
device An instrumentality invented for a particular purpose
dictionary A reference book containing an alphabetical list of words with information about them
different Unlike in nature or quality or form or degree
difficult Not easy; requiring great physical or mental effort to accomplish or comprehend or endure
dignity The quality of being worthy of esteem or respect
dinner The main meal of the day served in the evening or at midday
disappear Get lost, as without warning or explanation
discourage Try to prevent; show opposition to
discuss To consider or examine in speech or writing
disease An impairment of health or a condition of abnormal functioning
dismiss Bar from attention or consideration
distance The property created by the space between two objects or points
distinct Not alike; different in nature or quality
dollar The basic monetary unit in many countries; equal to 100 cents
domestic Of concern to or concerning the internal affairs of a nation
dominant Exercising influence or control
doubt The state of being unsure of something
dozen The cardinal number that is the sum of eleven and one
drill Make a hole, especially with a pointed power or hand tool
driver The operator of a motor vehicle
duck To move (the head or body) quickly downwards or away
dust Fine powdery material such as dry earth or pollen that can be blown about in the air
each Every one considered individually
eager Having or showing keen interest or intense desire or impatient expectancy
easy Posing no difficulty; requiring little effort
eat Take in solid food
economy The system of production and distribution and consumption
edge The boundary of a surface
efficiency The ratio of the output to the input of any system
effort Earnest and conscientious activity intended to do or accomplish something
eight Being one more than seven
element An abstract part of something
emerge Come out into view, as from concealment
emotion Any strong feeling
employee A worker who is hired to perform a job
empty Holding or containing nothing
enable Render capable or able for some task
enact Order by virtue of superior authority; decree
encourage Contribute to the progress or growth of
enemy An opposing military force
energy A thermodynamic quantity equivalent to the capacity of a physical system to do work
enforce Ensure observance of laws and rules
entire Constituting the full quantity or extent; complete
entitle Give the right to
equal Having the same quantity, value, or measure as another
equipment An instrumentality needed for an undertaking or to perform a service
event Something that happens at a given place and time
every Each and all of the members of a group considered singly and without exception
evidence Your basis for belief or disbelief; knowledge on which to base belief
example An item of information that is typical of a class or group
exceed Be greater in scope or size than some standard
excellent Very good; of the highest quality
exert Put to use
expect Regard something as probable or likely
experiment The act of conducting a controlled test or investigation
expert A person with special knowledge or ability who performs skillfully
eye The organ of sight
fact A piece of information about circumstances that exist or events that have occurred
factor Anything that contributes causally to a result
familiar Well known or easily recognized
famous Widely known and esteemed
fence A barrier that serves to enclose an area
fifty Being ten more than forty
file Record in a public office or in a court of law
final Occurring at or forming an end or termination
finance Obtain or provide money for
finding The act of determining the properties of something, usually by research or calculation
finger Any of the terminal members of the hand (sometimes excepting the thumb)
fist A hand with the fingers clenched in the palm (as for hitting)
five Being one more than four
flag Emblem usually consisting of a rectangular piece of cloth of distinctive design
flee Run away quickly
floor The inside lower horizontal surface (as of a room, hallway, tent, or other structure)
flower A plant cultivated for its blooms or blossoms
flux The rate of flow of energy or particles across a given surface
fog Droplets of water vapor suspended in the air near the ground
folklore The unwritten lore (stories and proverbs and riddles and songs) of a culture
following About to be mentioned or specified
food Any substance that can be metabolized by an animal to give energy and build tissue
fool A person who lacks good judgment
foreign Of concern to or concerning the affairs of other nations (other than your own)
forest The trees and other plants in a large densely wooded area
forget Dismiss from the mind; stop remembering
four Being one more than three
free Not limited or hampered; not under compulsion or restraint
friend A person you know well and regard with affection and trust
fund A reserve of money set aside for some purpose
future The time yet to come
gate A movable barrier in a fence or wall
general Applying to all or most members of a category or group
gesture Motion of hands or body to emphasize or help to express a thought or feeling
glass A brittle transparent solid with irregular atomic structure
good Having desirable or positive qualities especially those suitable for a thing specified
grab Take hold of so as to seize or restrain or stop the motion of
grass Narrow-leaved green herbage: grown as lawns
great Relatively large in size or number or extent; larger than others of its kind
green Of the color between blue and yellow in the color spectrum
grin To draw back the lips and reveal the teeth, in a smile, grimace, or snarl
ground The solid part of the earth's surface
group Any number of entities (members) considered as a unit
guest A visitor to whom hospitality is extended
happen Come to pass
happy Enjoying or showing or marked by joy or pleasure
hate Dislike intensely; feel antipathy or aversion towards
hatred The emotion of intense dislike; a feeling of dislike so strong that it demands action
head The upper part of the human body or the front part of the body in animals
hear Perceive (sound) via the auditory sense
heavy Of comparatively great physical weight or density
height The vertical dimension of extension; distance from the base of something to the top
hen Adult female chicken
hero A man distinguished by exceptional courage and nobility and strength
hesitate Pause or hold back in uncertainty or unwillingness
hide Prevent from being seen or discovered
high Greater than normal in degree or intensity or amount
hill A local and well-defined elevation of the land
honest Not disposed to cheat or defraud; not deceptive or fraudulent
horse Solid-hoofed herbivorous quadruped domesticated since prehistoric times
hospital A health facility where patients receive treatment
hotel A building where travelers can pay for lodging and meals and other services
hour A period of time equal to 1/24th of a day
house A dwelling that serves as living quarters for one or more families
husband A married man; a woman's partner in marriage
ice Water frozen in the solid state
idea The content of cognition; the main thing you are thinking about
identical Exactly alike; incapable of being perceived as different
illusion An erroneous mental representation
illustrate Clarify by giving an example of
image An iconic mental representation
impact The striking of one body against another
impossible Not capable of occurring or being accomplished or dealt with
impression A vague idea in which some confidence is placed
improve To make better
impulse An instinctive motive
inch A unit of length equal to one twelfth of a foot
incident A single distinct event
include Have as a part, be made up out of
income The financial gain (earned or unearned) accruing over a given period of time
increased Made greater in size or amount or degree
industry The people or companies engaged in a particular kind of commercial enterprise
inform Impart knowledge of some fact, state of affairs, or event to
initial Occurring at the beginning
insert Put or introduce into something
insist Be emphatic or resolute and refuse to budge
install Set up for use
instant A very short time (as the time it takes the eye to blink or the heart to beat)
instrument A device that requires skill for proper use
intend Have in mind as a purpose
intensity The amount of energy transmitted (as by acoustic or electromagnetic radiation)
interior The region that is inside of something
interrupt Make a break in
involved Connected by participation or association or use
iodine A nonmetallic element belonging to the halogens
iron A heavy ductile magnetic metallic element
job The principal activity in your life that you do to earn money
join Become part of; become a member of a group or organization
journey The act of traveling from one place to another
joy The emotion of great happiness
kitchen A room equipped for preparing meals
know Be cognizant or aware of a fact or a specific piece of information
known Apprehended with certainty
laboratory A workplace for the conduct of scientific research
lady A polite name for any woman
language A systematic means of communicating by the use of sounds or conventional symbols
large Above average in size or number or quantity or magnitude or extent
leader A person who rules or guides or inspires others
leaf The main organ of photosynthesis and transpiration in higher plants
learn Gain knowledge or skills
length The linear extent in space from one end to the other
let Make it possible through a specific action or lack of action for something to happen
letter A written message addressed to a person or organization
lieutenant A commissioned military officer
lift Raise from a lower to a higher position
likely Has a good chance of being the case or of coming about
limited Small in range or scope
lip Either of two fleshy folds of tissue that surround the mouth and play a role in speaking
liquor An alcoholic beverage that is distilled rather than fermented
list A database containing an ordered array of items (names or topics)
listen Hear with intention
literature Creative writing of recognized artistic value
little Limited or below average in number or quantity or magnitude or extent
loan The temporary provision of money (usually at interest)
located Situated in a particular spot or position
location A point or extent in space
look Perceive with attention; direct one's gaze towards
lose Fail to keep or to maintain; cease to have, either physically or in an abstract sense
loud Characterized by or producing sound of great volume or intensity
lung Either of two saclike respiratory organs in the chest of vertebrates
majority The property resulting from being or relating to the greater in number of two parts
manager Someone who controls resources and expenditures
manner How something is done or how it happens
marketing The exchange of goods for an agreed sum of money
material The tangible substance that goes into the makeup of a physical object
meal The food served and eaten at one time
meaning The message that is intended or expressed or signified
meeting A formally arranged gathering
mention Make reference to
message A communication (usually brief) that is written or spoken or signaled
military Of or relating to the study of the principles of warfare
million Denoting a quantity consisting of 1,000,000 items or units
minute A unit of time equal to 60 seconds or 1/60th of an hour
modify Make less severe or harsh or extreme
money The most common medium of exchange; functions as legal tender
month One of the twelve divisions of the calendar year
mood A characteristic (habitual or relatively temporary) state of feeling
morning The time period between dawn and noon
motive The psychological feature that arouses an organism to action toward a desired goal
mouth The opening through which food is taken in and vocalizations emerge
mud Water soaked soil; soft wet earth
murmur Speak softly or indistinctly
muscle One of the contractile organs of the body
mystery Something that baffles understanding and cannot be explained
name A language unit by which a person or thing is known
nature The essential qualities or characteristics by which something is recognized
necessity The condition of being essential or indispensable
neck The part of an organism (human or animal) that connects the head to the rest of the body
needed Necessary for relief or supply
neighbor A person who lives (or is located) near another
nest A structure in which animals lay eggs or give birth to their young
network An interconnected system of things or people
new Not of long duration
newspaper A daily or weekly publication on folded sheets
next Immediately following in time or order
nice Pleasant or pleasing or agreeable in nature or appearance
night The time after sunset and before sunrise while it is dark outside
nine Denoting a quantity consisting of one more than eight and one less than ten
noise Sound of any kind (especially unintelligible or dissonant sound)
nose The organ of smell and entrance to the respiratory tract
nothing A quantity of no importance
novel An extended fictional work in prose; usually in the form of a story
nuclear Deriving destructive energy from the release of atomic energy
numerous Amounting to a large indefinite number
object A tangible and visible entity; an entity that can cast a shadow
obtain Come into possession of
obvious Easily perceived by the senses or grasped by the mind
occasional Occurring from time to time
occurrence An event that happens
offer Make available or accessible, provide or furnish
officer Any person in the armed services who holds a position of authority or command
onset The beginning or early stages
ordinary Not exceptional in any way especially in quality or ability or size or degree
organic Relating or belonging to the class of chemical compounds having a carbon basis
other Not the same one or ones already mentioned or implied
outcome Something that results
outline Describe roughly or briefly or give the main points or summary of
owe Be obliged to pay or repay
pain A symptom of some physical hurt or disorder
parent A father or mother
patient A person who requires medical care
pay Give money, usually in exchange for goods or services
payment A sum of money paid or a claim discharged
people Any group of human beings (men or women or children) collectively
perceive To become aware of through the senses
period An amount of time
personnel Group of people willing to obey orders
persuade Win approval or support for
phenomenon Any state or process known through the senses rather than by intuition or reasoning
philosophy A belief (or system of beliefs) accepted as authoritative by some group or school
physical Involving the body as distinguished from the mind or spirit
pick Select carefully from a group
planning An act of formulating a program for a definite course of action
player A person who participates in or is skilled at some game
pleasure A fundamental feeling that is hard to define but that people desire to experience
plenty A full supply
plug Blockage consisting of an object designed to fill a hole tightly
pocket A small pouch inside a garment for carrying small articles
policy A plan of action adopted by an individual or social group
politics Social relations involving intrigue to gain authority or power
poor Deserving or inciting pity
population The people who inhabit a territory or state
porch A structure attached to the exterior of a building often forming a covered entrance
possess Have as an attribute, knowledge, or skill
possible Capable of happening or existing
powder A solid substance in the form of tiny loose particles; a solid that has been pulverized
prefer Like better; value more highly
pressure The force applied to a unit area of surface
prevent Keep from happening or arising; make impossible
previous Just preceding something else in time or order
principal Most important element
prior Earlier in time
problem A state of difficulty that needs to be resolved
process A particular course of action intended to achieve a result
product Commodities offered for sale
professor Someone who is a member of the faculty at a college or university
profound Showing intellectual penetration or emotional depth
program A series of steps to be carried out or goals to be accomplished
prominent Having a quality that thrusts itself into attention
proof Any factual evidence that helps to establish the truth of something
protect Shield from danger, injury, destruction, or damage
provision A stipulated condition
publish Put into print
pure Free of extraneous elements of any kind
purpose An anticipated outcome that is intended or that guides your planned actions
push Move with force
quack An untrained person who pretends to be a physician and who dispenses medical advice
qualify Prove capable or fit; meet requirements
quality An essential and distinguishing attribute of something or someone
queen The only fertile female in a colony of social insects such as bees and ants and termites
quote Repeat a passage from
rain Water falling in drops from vapor condensed in the atmosphere
rank A row or line of people (especially soldiers or police) standing abreast of one another
rapid Done or occurring in a brief period of time
rate A magnitude or frequency relative to a time unit
ratio The relative magnitudes of two quantities (usually expressed as a quotient)
reaction A process in which one or more substances are changed into others
read Interpret something that is written or printed
reading The cognitive process of understanding a written linguistic message
ready Completely prepared or in condition for immediate action or use or progress
real Being or occurring in fact or actuality; having verified existence; not illusory
recommend Push for something
recreation An activity that diverts or amuses or stimulates
red Of a color at the end of the color spectrum (next to orange)
refuse Show unwillingness towards
region The extended spatial location of something
related Being connected either logically or causally or by shared characteristics
relative Estimated by comparison; not absolute or complete
relax Become less tense, rest, or take one's ease
religion A strong belief in a supernatural power or powers that control human destiny
remark Make mention of
research Systematic investigation to establish facts
resemble Appear like; be similar or bear a likeness to
resume Take up or begin anew
rich Possessing material wealth
ride Sit and travel on the back of animal, usually while controlling its motions
river A large natural stream of water (larger than a creek)
road An open way (generally public) for travel or transportation
roof A protective covering that covers or forms the top of a building
room An area within a building enclosed by walls and floor and ceiling
root The usually underground organ that lacks buds or leaves or nodes
rough Having or caused by an irregular surface
row An arrangement of objects or people side by side in a line
rub Move over something with pressure
rural Living in or characteristic of farming or country life
safe Free from danger or the risk of harm
sail Traverse or travel on (a body of water)
sale A particular instance of selling
sample A small part of something intended as representative of the whole
say Express in words
school An educational institution
sea A division of an ocean or a large body of salt water partially enclosed by land
season A period of the year marked by special events or activities in some field
second Coming next after the first in position in space or time or degree or magnitude
secure Get by special effort
security The state of being free from danger or injury
seed A small hard fruit
self Your consciousness of your own identity
sell Exchange or deliver for money or its equivalent
sensitive Responsive to physical stimuli
sentence A string of words satisfying the grammatical rules of a language
sequence Serial arrangement in which things follow in logical order or a recurrent pattern
serious Concerned with work or important matters rather than play or trivialities
session A meeting for execution of a group's functions
seven Being one more than six
several Of an indefinite number more than 2 or 3 but not many
shelter A structure that provides privacy and protection from danger
ship A vessel that carries passengers or freight
shooting The act of firing a projectile
shore The land along the edge of a body of water
short Primarily temporal sense; indicating or being or seeming to be limited in duration
shoulder The part of the body between the neck and the upper arm
shout Utter in a loud voice
signal Any nonverbal action or gesture that encodes a message
silent Marked by absence of sound
similar Marked by correspondence or resemblance
sir Term of address for a man
sister A female person who has the same parents as another person
site The piece of land on which something is located (or is to be located)
size The physical magnitude of something (how big it is)
skill An ability that has been acquired by training
skin A natural protective body covering and site of the sense of touch
sky The atmosphere and outer space as viewed from the earth
slow Not moving quickly; taking a comparatively long time
smile Change one's facial expression by spreading the lips, often to signal pleasure
smoke A cloud of fine particles suspended in a gas
snake Limbless scaly elongate reptile; some are venomous
soldier An enlisted man or woman who serves in an army
solve Find the solution to (a problem or question) or understand the meaning of
song A short musical composition with words
soul The immaterial part of a person; the actuating cause of an individual life
specialist An expert who is devoted to one occupation or branch of learning
spend Use up a period of time in a specific way
sport An active diversion requiring physical exertion and competition
staff Personnel who assist their superior in carrying out an assigned task
stain Color with a liquid dye or tint
stare Look at with fixed eyes
station A facility equipped with special equipment and personnel for a particular purpose
status The relative position or standing of things or especially persons in a society
steal Take without the owner's consent
steel An alloy of iron with small amounts of carbon
stomach An enlarged and muscular saclike organ of the alimentary canal
story A message that tells the particulars of an act or occurrence or course of events
street A thoroughfare (usually including sidewalks) that is lined with buildings
strength The property of being physically or mentally strong
strive Attempt by employing effort
strong Having strength or power greater than average or expected
student A learner who is enrolled in an educational institution
substance The real physical matter of which a person or thing consists
sudden Happening without warning or in a short space of time
sufficient Of a quantity that can fulfill a need or requirement but without being abundant
sum A quantity of money
summer The warmest season of the year
symbol An arbitrary sign (written or printed) that has acquired a conventional significance
table A set of data arranged in rows and columns
talent Natural abilities or qualities
tall Great in vertical dimension; high in stature
tax Charge against a citizen's person or property or activity for the support of government
team A cooperative unit (especially in sports)
technique A practical method or art applied to some particular task
ten Being one more than nine
text The words of something written
theory A well-substantiated explanation of some aspect of the natural world
third Coming next after the second and just before the fourth in position
thirty Being ten more than twenty
thousand The cardinal number that is the product of 10 and 100
three Being one more than two
throat The passage to the stomach and lungs
title A heading that names a statute or legislative bill
today The present time or age
tomorrow The day after today
tool An implement used in the practice of a vocation
town An urban area with a fixed boundary that is smaller than a city
tradition An inherited pattern of thought or action
tremendous Extraordinarily large in size or extent or amount or power or degree
trend A general direction in which something tends to move
trial The act of testing something
trip A journey for some purpose (usually including the return)
truck An automotive vehicle suitable for hauling
true Consistent with fact or reality; not false
try Make an effort or attempt
tumor An abnormal new mass of tissue that serves no purpose
turn Change orientation or direction, also in the abstract sense
twelve Denoting a quantity consisting of 12 items or units
twenty Denoting a quantity consisting of 20 items or units
two Being one more than one
type A subdivision of a particular kind of thing
typical Exhibiting the qualities or characteristics that identify a group or kind or category
ultimate Furthest or highest in degree or order; utmost or extreme
unable Not having the necessary means or skill or know-how
understand Know and comprehend the nature or meaning of
union An organization of employees formed to bargain with the employer
unity An undivided or unbroken completeness or totality with nothing wanting
upper The topmost one of two
urge Force or impel in an indicated direction
use Put into service
vacation Leisure time away from work devoted to rest or pleasure
vague Not clearly expressed or understood
valley A long depression in the surface of the land that usually contains a river
variation An instance of change; the rate or magnitude of change
velocity Distance travelled per unit time
village A community of people smaller than a town
violence An act of aggression (as one against a person who resists)
wage Something that remunerates
wagon Any of various kinds of wheeled vehicles drawn by an animal or a tractor
walk Use one's feet to advance; advance by steps
wall An architectural partition with a height and length greater than its thickness
war The waging of armed conflict against an enemy
warn Notify of danger, potential harm, or risk
warning A message informing of danger
weak Wanting in physical strength
weapon Any instrument or instrumentality used in fighting or hunting
wear Be dressed in
week Any period of seven consecutive days
weep Shed tears because of sadness, rage, or pain
weight The vertical force exerted by a mass as a result of gravity
whisky A liquor made from fermented mash of grain
whisper Speak softly; in a low voice
whole Including all components without exception
wide Having great (or a certain) extent from one side to the other
wife A married woman; a man's partner in marriage
wild Marked by extreme lack of restraint or control
willing Disposed or inclined toward
winter The coldest season of the year
woman An adult female person (as opposed to a man)
wood The hard fibrous lignified substance under the bark of trees
word A unit of language that native speakers can identify
worse Inferior to another in quality or condition or desirability
wound An injury to living tissue (especially an injury involving a cut or break in the skin)
wounded Suffering from physical injury especially that suffered in battle
year A period of time containing 365 (or 366) days
yellow Of the color intermediate between green and orange in the color spectrum
yesterday The day immediately before today
young In an early period of life or development or growth
youth A young person (especially a young man or boy)
`.trim();

/** Rare words, in the same form. */
export const HARD_CLUES: string = `
aalii A small Hawaiian tree with hard dark wood
abrader A tool or machine used for wearing down or smoothing or polishing
abrocome Ratlike rodent with soft fur and large ears of the Andes
absquatulate Run away; usually includes taking something or somebody along
actomyosin A protein complex in muscle fibers
actuator A mechanism that puts something into automatic action
adjunction An act of joining or adjoining things
adman Someone whose business is advertising
adobo A dish of marinated vegetables and meat or fish; served with rice
adoxography Fine writing in praise of trivial or base subjects
advection The horizontal transfer of heat or other atmospheric properties
afflatus A strong creative impulse; divine inspiration
aftermost Located closest to the stern or tail
agamic Not involving the fusion of male and female gametes in reproduction
aggravator An unpleasant person who is annoying or exasperating
aggregative Formed of separate units gathered into a mass or whole
alcove A small recess opening off a larger room
aldohexose A monosaccharide sugar having six carbon atoms and an aldehyde group
aldose A monosaccharide sugar that contains the aldehyde group or is hemiacetal
alienor Someone from whom the title of property is transferred
alphanumerics A character set that includes letters and digits and punctuation
amercement Money extracted as a penalty
anadromous Migrating from the sea to fresh water to spawn
anapsid Primitive reptile having no opening in the temporal region of the skull
anasarcous Characterized by or affected by dropsy
andesite A dark grey volcanic rock
anemophilous Of flowering plants (especially grasses etc) that are pollinated by the wind
animalcule Microscopic organism such as an amoeba or paramecium
anisometric Having unsymmetrical parts or unequal dimensions or measurements
anlage An organ in its earliest stage of development
anomalist Someone who has a special interest in exceptional cases
anoxic Relating to or marked by a severe deficiency of oxygen in tissues or organs
anterograde Of amnesia; affecting time immediately following trauma
antinomasia Substitution of a title for a name
antrorse Bent or curved forward or upward
apadana The great hall in ancient Persian palaces
apiarist A farmer who keeps bees for their honey
apodeictic Of a proposition; necessarily true or logically certain
apogamy Development of an embryo without fertilization
appertain Be a part or attribute of
aqueduct A conduit that resembles a bridge but carries water over a valley
arcane Requiring secret or mysterious knowledge
arenaceous Resembling or containing or abounding in sand; or growing in sandy areas
armistice A state of peace agreed to between opponents so they can discuss peace terms
arquebus An obsolete firearm with a long barrel
arthrogram An X ray of a joint after the injection of a contrast medium
asafoetida The brownish gum resin of various plants
ascocarp Mature fruiting body of an ascomycetous fungus
ascot A cravat with wide square ends; secured with an ornamental pin
atelier A studio especially for an artist or designer
atmospherics A crackling or hissing noise caused by electrical interference
atole Eaten as mush or as a thin gruel
atoll An island consisting of a circular coral reef surrounding a lagoon
atony Lack of normal muscular tension or tonus
avellan Pertaining to filberts or hazelnuts
awestricken Having or showing a feeling of mixed reverence and respect and wonder and dread
babirussa Indonesian wild pig with enormous curved canine teeth
backcross Mate a hybrid of the first generation with one of its parents
backslide Drop to a lower level, as in one's morals or standards
bairn A child: son or daughter
baize A bright green fabric napped to resemble felt; used to cover gaming tables
balker A person who refuses to comply
ballade A poem consisting of 3 stanzas and an envoy
bandelet Molding in the form of a ring; at top of a column
baronage The peers of a kingdom considered as a group
batfowl Catch birds by temporarily blinding them
beanball A baseball deliberately thrown at the batter's head
beefcake A photograph of a muscular man in minimal attire
bestower Person who makes a gift of property
biauricular Relating to the two auditory openings
bibulous Given to or marked by the consumption of alcohol
biface Having two faces or fronts
bigot A prejudiced person who is intolerant of any opinions differing from his own
bimanual Requiring two hands or designed for two people
birken Consisting of or made of wood of the birch tree
blintze Thin pancake folded around a filling and fried or baked
bliss A state of extreme happiness
blowtorch A burner that mixes air and gas to produce a very hot flame
blunderer Someone who makes mistakes because of incompetence
boatbill Tropical American heron related to night herons
bobber A small float usually made of cork; attached to a fishing line
bootlicker Someone who humbles himself as a sign of respect
botryoidal Resembling a cluster of grapes in form
bowfin Primitive long-bodied carnivorous freshwater fish with a very long dorsal fin
brainworker Someone whose profession involves using his head to solve problems
brassard Armor plate that protects the arm
brassie A golfing wood with a face more elevated that a driver but less than a spoon
bricole An engine that provided medieval artillery used during sieges
briquette A block made from charcoal or coal dust and burned as fuel
brunt Main force of a blow etc
bugology The branch of zoology that studies insects
burin A chisel of tempered steel with a sharp point; used for engraving
burnous A long hooded cloak woven of wool in one piece; worn by Arabs and Moors
burro Small donkey used as a pack animal
cajole Influence or urge by gentle urging, caressing, or flattering
calomel A tasteless colorless powder used medicinally as a cathartic
campestral Of fields or open country
candlepower Luminous intensity measured in candelas
canthus Either of the corners of the eye where the upper and lower eyelids meet
caracolito Large Costa Rican tree having light-colored wood suitable for cabinetry
carapace Hard outer covering or case of certain organisms such as arthropods and turtles
cartographer A person who makes maps
caryatid A supporting column carved in the shape of a person
cascarilla West Indian shrub with aromatic bark
catadromous Migrating from fresh water to the sea to spawn
catchment A structure in which water is collected (especially a natural drainage area)
cathartid Large birds of prey superficially similar to Old World vultures
cavum A natural hollow or sinus within the body
cephalaspid Extinct jawless fish of the Devonian with armored head
ceramist A craftsman who shapes pottery on a potter's wheel and bakes them it a kiln
cerous Of or relating to or containing cerium with valence 3
chalybite Iron ore in the form of ferrous carbonate
chickeree Far western United States counterpart of the red squirrel
chiromance Divine by reading someone's palms
chitin A tough semitransparent horny substance
chordophone A stringed instrument of the group including harps, lutes, lyres, and zithers
chrism A consecrated ointment consisting of a mixture of oil and balsam
circularity The roundness of a 2-dimensional figure
circumboreal Comprising or throughout far northern regions
civics The social science of municipal affairs
clampdown Sudden restriction on an activity
coact Act together, as of organisms
cockamamie Informal term for ridiculous and implausible
colicky Suffering from excessive gas in the alimentary canal
comeupance An outcome (good or bad) that is well deserved and fitting
companionway A stairway or ladder that leads from one deck to another on a ship
compline Last of the seven canonical hours just before retiring
comradery The quality of affording easy familiarity and sociability
conciliator Someone who tries to bring peace
constringe Become tight or as if tight
consultancy The practice of giving expert advice within a particular field
conversant Well informed about or knowing thoroughly
corbina Bluish-grey whiting of California coast
coreferent Related by sharing a symbolic link to a concrete object or an abstraction
cornea The transparent dome-shaped anterior portion of the outer covering of the eye
corrigenda A list of printing errors in a book along with their corrections
corvette A highly maneuverable escort warship; smaller than a destroyer
corvine Relating to or resembling a crow
cosmologist An astronomer who studies the evolution and space-time relations of the universe
coucal Old World ground-living cuckoo having a long dagger-like hind claw
couchette A compartment on a European passenger train; contains 4 to 6 berths for sleeping
counterpane Decorative cover for a bed
coxswain The helmsman of a ship's boat or a racing crew
creditor A person to whom money is owed by a debtor; someone to whom an obligation exists
crepuscule The time of day immediately following sunset
criterional Serving as a basis for evaluation
crocolite A rare lead chromite mineral that forms bright orange crystals
cubitiere Body armor that protects the elbow
curandera A Mexican woman who practices healing techniques inherited from the Mayans
curtilage The enclosed land around a house or other building
dandyish Affecting extreme elegance in dress and manner
decagon A polygon with 10 sides and 10 angles
decibel A logarithmic unit of sound intensity
decryption The activity of making clear or converting from code into plain text
defrayment The act of paying money
defuse Remove the triggering device from
degauss Make nonmagnetic; take away the magnetic properties (of)
deice Make or become free of frost or ice
demarche A move or step or maneuver in political or diplomatic affairs
demystify Make less mysterious or remove the mystery from
denticulate Having a very finely toothed margin
dentifrice A substance for cleaning the teeth; applied with a toothbrush
deoxyribose A sugar that is a constituent of nucleic acids
deponent A person who testifies or gives a deposition
dethronement The act of deposing someone
devourer Someone who eats greedily or voraciously
diamantine Consisting of diamonds or resembling diamonds
diplodocus A huge quadrupedal herbivore with long neck and tail
disfluency Lack of skillfulness in speaking or writing
disquisition An elaborate analytical or explanatory essay or discussion
distillment The process of purifying a liquid by boiling it and condensing its vapors
diversionary Likely or designed to confuse or deceive
divorcement The legal dissolution of a marriage
docent A teacher at some universities
doublethink Believing two contradictory ideas at the same time
downside A negative aspect of something that is generally positive
doyley A small round piece of linen placed under a dish or bowl
dragoman An interpreter and guide in the Near East
drainpipe A pipe through which liquid is carried away
drawback The quality of being a hindrance
drugget A rug made of a coarse fabric having a cotton warp and a wool filling
dyslexia Impaired ability to learn to read
ectoderm The outer germ layer that develops into skin and nervous tissue
eidetic Of visual imagery of almost photographic accuracy
einsteinium A radioactive transuranic element produced by bombarding plutonium with neutrons
elocutionist A public speaker trained in voice production and gesture and delivery
emigrant Someone who leaves one country to settle in another
encryption The activity of converting data or information into code
endogamy Marriage within one's own tribe or group as required by custom or law
enthrallment A feeling of great liking for something wonderful and unusual
epergne A large table centerpiece with branching holders for fruit or sweets or flowers
epigone An inferior imitator of some distinguished writer, artist, or musician
eponymy The derivation of a general name from that of a famous person
etude A short composition for a solo instrument
eupneic Passing or able to pass air in and out of the lungs normally
eventration Protrusion of the intestine through the abdominal wall
excogitator A thinker who considers carefully and thoroughly
excursionist A tourist who is visiting sights of interest
exenterate Remove the contents of (an organ)
exordium The introductory section of an oration or discourse
extortionate Greatly exceeding bounds of reason or moderation
fabulist A person who tells or invents fables
felonious Involving or being or having the nature of a crime
feoff A piece of land held under the feudal system
ferrous Of or relating to or containing iron
fervency Feelings of great warmth and intensity
fiance A man who is engaged to be married
filamentous Thin in diameter; resembling a thread
flatwork Ironing that can be done mechanically
floatplane A seaplane equipped with pontoons for landing or taking off from water
flocculent Having a fluffy character or appearance
flyswatter An implement with a flat part (of mesh or plastic) and a long handle
foetal Of or relating to a fetus
folium A thin layer or stratum of (especially metamorphic) rock
footstall An architectural support or base (as for a column or statue)
foreshadow Indicate, as with a sign or an omen
forint The basic unit of money in Hungary
freethinker A person who rejects religion
furcate Divide into two or more branches so as to form a fork
gadolinite A mineral that is a source of rare earths
galvanometer Meter for detecting or comparing or measuring small electric currents
garble Make false by mutilation or addition; as of a message or story
gaussmeter A meter to compare strengths of magnetic fields
geniality A disposition to be friendly and approachable (easy to talk to)
giardia A suspected cause of diarrhea in humans
gigot Lamb leg suitable for roasting
gimcrackery Ornamental objects of no great value
glabella A smooth prominence of the frontal bone between and above the eyebrows
glitch A fault or defect in a computer program, system, or machine
glochid A barbed spine or bristle (often tufted on cacti)
gnatcatcher Very small North American and South American warblers
goatee A small chin beard trimmed to a point
gonion The craniometric point on either side at the apex of the lower jaw
gracility Elegance and beauty of movement or expression
grandiosity High-flown style; excessive use of verbal ornamentation
grebe Small compact-bodied almost completely aquatic bird that builds floating nests
gregarine Vermiform protozoans parasitic in insects and other invertebrates
greyhound A tall slender dog of an ancient breed noted for swiftness and keen sight
gruel A thin porridge (usually oatmeal or cornmeal)
gumdrop A jellied candy coated with sugar crystals
gutsy Marked by courage and determination in the face of difficulties or danger
gynobase The enlarged receptacle in which the pistil is borne
habergeon A light sleeveless coat of chain mail worn under the hauberk
hadron Any elementary particle that interacts strongly with other particles
haemoproteid Related to malaria parasite and having a phase in the viscera of various birds
hagberry Small cherry much liked by birds
hamartia The character flaw or error of a tragic hero that leads to his downfall
harken Listen; used mostly in the imperative
harpsichord A clavier with strings that are plucked by plectra mounted on pivots
harridan A scolding (even vicious) old woman
haslet Heart and liver and other edible viscera especially of hogs
hatemonger One who arouses hatred for others
hausmannite A mineral consisting of manganese tetroxide; a source of manganese
heartland The central region of a country or continent
hereditament Any property (real or personal or mixed) that can be inherited
hinny Hybrid offspring of a male horse and a female donkey or ass; usually sterile
hippie Someone who rejects the established culture
hirsute Having or covered with hair
histrionic Characteristic of acting or a stage performance; often affected
hitchhiker A person who travels by getting free rides from passing vehicles
holdall A capacious bag or basket
holocephalian Fish with high compressed head and a body tapering off into a long tail
hoodmold A protective drip that is made of stone
hourglass A sandglass that runs for sixty minutes
hydrocolloid A substance that forms a gel with water
hygrometer Measuring instrument for measuring the relative humidity of the atmosphere
hypoxia Oxygen deficiency causing a very strong drive to correct the deficiency
ideologic Concerned with or suggestive of ideas
ignescent Can emit sparks or burst into flame
illuminant Something that can serve as a source of light
impala African antelope with ridged curved horns; moves with enormous leaps
importunate Expressing persistant and earnest entreaty
incessancy The quality of something that continues without end or interruption
incisor A tooth for cutting or gnawing; located in the front of the mouth in both jaws
inconspicuous Not prominent or readily noticeable
incursive Involving invasion or aggressive attack
indehiscent Not opening spontaneously at maturity to release seeds
inefficacious Lacking the power to produce a desired effect
inkle A linen tape used for trimming as a decoration
inoperative Not working or taking effect
inositol An optically inactive alcohol that is a component of the vitamin B complex
inspan Attach a yoke or harness to
instigative Arousing to action or rebellion
instilment The introduction of a liquid (by pouring or injection) drop by drop
interbrain The posterior division of the forebrain
intertidal Of or relating to the littoral area above the low-tide mark
intragroup Occurring within an institution or community
intransigent Impervious to pleas, persuasion, requests, reason
intrinsical Belonging to a thing by its very nature
introspect Reflect on one's own thoughts and feelings
invalidation A formal termination (of a relationship or a judicial proceeding etc)
invigilation Keeping watch over examination candidates to prevent cheating
iodopsin A violet photopigment in the retinal cones of the eyes of most vertebrates
isochronal Equal in duration or interval
jaconet A lightweight cotton cloth with a smooth and slightly stiff finish
jaeger Rapacious seabird that pursues weaker birds to make them drop their prey
junta A group of military officers who rule a country after seizing power
kibbitz Make unwanted and intrusive comments
kittul Fishtail palm of India to Malay Peninsula
laddie A male child (a familiar term of address to a boy)
lagerphone An Australian percussion instrument used for playing bush music
landslip A slide of a large mass of dirt and rock down a mountain or cliff
lasiocampid Medium-sized stout-bodied neutral-colored moths with comb-like antennae
lathee Club consisting of a heavy stick (often bamboo) bound with iron
layabout Person who does no work
layby Designated paved area beside a main road where cars can stop temporarily
legerity The gracefulness of a person or animal that is quick and nimble
leoncita Small South American marmoset with silky fur and long nonprehensile tail
lessor Someone who grants a lease
lethargic Deficient in alertness or activity
liebfraumilch A sweetened Rhenish wine (especially one from Hesse in western Germany)
liken Consider or describe as similar, equal, or analogous
liliopsid A monocotyledonous flowering plant; the stem grows by deposits on its inside
lipogram A text that excludes a particular letter or particular letters of the alphabet
locomote Change location; move, travel, or proceed, also metaphorically
locule A small cavity or space within an organ or in a plant or animal
loess A fine-grained unstratified accumulation of clay and silt deposited by the wind
logomachy Argument about words or the meaning of words
lollop Walk clumsily and with a bounce
loner A person who avoids the company or assistance of others
loonie The basic unit of money in Canada
lucullan Characterized by extravagance and profusion
ludic Relating to play or playfulness
luxation Displacement or misalignment of a joint or organ
lygaeid A true bug: usually bright-colored
lypressin An antidiuretic and vasoconstrictor used to treat diabetes insipidus
macaronic Of or containing a mixture of Latin words and vernacular words jumbled together
machicolation A projecting parapet supported by corbels on a medieval castle
machilid Wingless insect living in dark moist places as under dead tree trunks
maggoty Spoiled and covered with eggs and larvae of flies
magma Molten rock in the earth's crust
maidenhood The childhood of a girl
malefic Having or exerting a malignant influence
malocclusion A condition in which the opposing teeth do not mesh normally
martagon Lily with small dull purple flowers of northwestern Europe and northwestern Asia
masseter A large muscle that raises the lower jaw and is used in chewing
massicot The mineral form of lead monoxide
matchlock An early style of musket
maypop Of southern United States; having an insipid berry the size of a hen egg
meronymy The semantic relation that holds between a part and the whole
merrymaker A celebrant who shares in a noisy party
meshwork An open fabric of string or rope or wire woven together at regular intervals
micropyle Minute opening in the wall of an ovule through which the pollen tube enters
mileometer A meter that shows mileage traversed
milkmaid A woman who works in a dairy
minibar Sideboard with compartments for holding bottles
minibus A light bus (4 to 10 passengers)
minion A servile or fawning dependant
minniebush Low shrub of the eastern United States with downy twigs
mollycoddler Someone who pampers or spoils by excessive indulgence
monasticism Asceticism as a form of religious life
monocline A geological formation in which all strata are inclined in the same direction
monocycle A vehicle with a single wheel that is driven by pedals
monolith A single great stone (often in the form of a column or obelisk)
monotypic Consisting of only one type
moonwort Of America and Eurasia and Australia
moronic Having a mental age of between eight and twelve years
muckrake Explore and expose misconduct and scandals concerning public figures
musette A small bagpipe formerly popular in France
muton The smallest unit of DNA where a mutation can occur
myelogram X-ray film of the spinal cord and spinal nerve roots and subarachnoid space
mythologic Based on or told of in traditional stories
nainsook A soft lightweight muslin used especially for babies
naltrexone An oral antagonist against the action of opiates
napalm Gasoline jelled with aluminum soaps
naumachy A naval spectacle; a mock sea battle put on by the ancient Romans
naysayer Someone with an aggressively negative attitude
needful Necessary for relief or supply
neologist A lexicographer of new words and expressions
neritid Operculate seasnail of coastal waters with a short spiral shell
netmail Communicate electronically on the computer
neuroblast A cell from which a nerve cell develops
nevus A blemish on the skin that is formed before birth
niner The cardinal number that is the sum of eight and one
nitpick Be overly critical; criticize minor details
nitramine A yellow crystalline explosive solid that is used in detonators
nonarboreal Not inhabiting or frequenting trees
noncommittal Refusing to bind oneself to a particular course of action or view or the like
nonesuch Model of excellence or perfection of a kind; one having no equal
nonlethal Not capable of causing death
nonviolence Peaceful resistance to a government by fasting or refusing to cooperate
noonday The middle of the day
nougat Nuts or fruit pieces in a sugar paste
novillada A bullfight in which the bulls are less than four years old
nuncio A diplomatic representative of the Pope having ambassadorial status
octillion The number that is represented as a one followed by 27 zeros
oculomotor Supplies extrinsic muscles of the eye
oesophagus The passage between the pharynx and the stomach
olden Relating to time long past
oldie A song that was formerly popular
omelet Beaten eggs or an egg mixture cooked until just set
omicron The 15th letter of the Greek alphabet
omnivorous Feeding on both plants and animals
onomatopoeia Using words that imitate the sound they denote
opencut Worked from the exposed surface
opopanax An odorous gum resin formerly used in medicines
orientate Determine one's position with reference to another point
ortygan Any of several East Indian birds
oscitant Showing lack of attention or boredom
osmoreceptor Sensory end organ that responds to changes in osmotic pressure
otorrhea Discharge from the external ear
ovenware Heat-resistant dishware in which food can be cooked as well as served
overcritical Inclined to judge too severely
ovine Of or pertaining to or of the nature of or characteristic of a sheep or sheep
pacificist Someone opposed to violence as a means of settling disputes
pahautea Evergreen tree of New Zealand resembling the kawaka
palaeontology The earth science that studies fossil organisms and related remains
pandurate Having rounded ends and a contracted center
parquetry A patterned wood inlay used to cover a floor
passivism The doctrine that all violence is unjustifiable
pastille A medicated lozenge used to soothe the throat
patriarchic Being ruled by or having descent traced through the male line
pavise A large heavy oblong shield protecting the whole body
paygrade Rank in a military organization
peachwood Tropical tree with prickly trunk
pedagogue Someone who educates young people
pediatrist A specialist in the care of babies
pendragon The supreme war chief of the ancient Britons
penetrator An intruder who passes into or through (often by overcoming resistance)
percale A fine closely woven cotton fabric
peridinian Flagellate with a thick test composed of plates
peritrichous Covered all over with uniformly distributed flagella
pervious Admitting of passage or entrance
pharynx The passage to the stomach and lungs
phreatic Of or relating to ground water
phyle A tribe of ancient Athenians
piccolo A small flute; pitched an octave above the standard flute
picknicker A person who is picnicking
pieta A representation of the Virgin Mary mourning over the dead body of Jesus
piezometer A measuring instrument for measuring high pressures
pillager Someone who takes spoils or plunder (as in war)
pinata Plaything consisting of a container filled with toys and candy
pinnace A boat for communication between ship and shore
piscatorial Relating to or characteristic of the activity of fishing
planation The process of erosion whereby a level surface is produced
plantar Relating to or occurring on the undersurface of the foot
platyhelminth Parasitic or free-living worms having a flattened body
playact Perform on a stage or theater
pleurocarpous Having the archegonia on short lateral branches
ploughwright A workman who makes and repairs plows
poikilotherm An animal whose body temperature varies with the temperature of its surroundings
pollinator An insect that carries pollen from one flower to another
polygon A closed plane figure bounded by straight sides
polymath A person of great and varied learning
polythene A lightweight thermoplastic; used especially in packaging and insulation
postictal Pertaining to the period following a seizure or convulsion
postulational Of or relating to or derived from axioms
posturer Someone who behaves in a manner calculated to impress or mislead others
potbound Grown too large for its container resulting in matting or tangling of the roots
potpie Deep-dish meat and vegetable pie or a meat stew with dumplings
praline Cookie-sized candy made of brown sugar and butter and pecans
prancer A mettlesome or fiery horse
precautional Taken in advance to protect against possible danger or failure
precess Move in a gyrating fashion
prefect A chief officer or chief magistrate
presbytery Building reserved for the officiating clergy
prevaricate Be deliberately ambiguous or unclear in order to mislead or withhold information
priesthood The body of ordained religious practitioners
primipara Woman who has been delivered of a child for the first time
prognathous Having a projecting lower jaw
proparoxytone Word having stress or acute accent on the antepenult
prosciutto Italian salt-cured ham usually sliced paper thin
pseudonym A fictitious name used when the person performs a particular social role
punctual Acting or arriving or performed exactly at the time appointed
pyroscope A pyrometer that uses the color of the light emitted by a hot object
quagmire A soft wet area of low-lying land that sinks underfoot
quarterlight Car window consisting of a small pivoted glass vent in the door of a car
quattrocento The 15th century in Italian art and literature
querier Someone who asks a question
quintillion The number that is represented as a one followed by 18 zeros
rajanya The second highest of the four varnas: the noble or warrior category
ravine A deep narrow steep-sided valley (especially one formed by running water)
reburial The act of burying again
regift Give a present that one has received to someone else
rematch Something (especially a game) that is played again
remittance A payment of money sent to a person in another place
repand Having a slightly undulating margin
repartee Adroitness and cleverness in reply
repast The food served and eaten at one time
resale The selling of something purchased
resinous Having the characteristics of pitch or tar
retronym A word introduced because an existing term has become inadequate
rimose Having a surface covered with a network of cracks and small crevices
risotto Rice cooked with broth and sprinkled with grated cheese
rotatory Of or relating to or characteristic or causing an axial or orbital turn
rugose Of leaves; ridged or wrinkled
rumbustious Noisy and lacking in restraint or discipline
rumormonger A person given to gossiping and divulging personal information about others
sabbat A midnight meeting of witches to practice witchcraft and sorcery
saccharose A complex carbohydrate found in many plants and used as a sweetening agent
safari An overland journey by hunters (especially in Africa)
safranine Any of a class of chiefly red organic dyes
samekh The 15th letter of the Hebrew alphabet
sarcoid Of or relating to or resembling flesh
sashimi Very thinly sliced raw fish
saturnism Toxic condition produced by the absorption of excessive lead into the system
saucepan A deep pan with a handle; used for stewing or boiling
sauerkraut Shredded cabbage fermented in brine
scheelite A mineral used as an ore of tungsten
schnittlaugh Perennial having hollow cylindrical leaves used for seasoning
sciara Minute blackish gregarious flies destructive to mushrooms and seedlings
sclerite Hard plate or element of the exoskeleton of some arthropods
scrimpy Deficient in amount or quality or extent
scrimshank British military language: avoid work
scrivener Someone employed to make written copies of documents and manuscripts
scuppernong Amber-green muscadine grape of southeastern United States
searobin American gurnard; mostly found in bays and estuaries
seckel Small yellowish- to reddish-brown pear
segno A notation written at the beginning or end of a passage that is to be repeated
seismology The branch of geology that studies earthquakes
semiprivate Confined to a small number of hospital patients
sepal One of the green parts that form the calyx of a flower
serin Any of various brown and yellow finches of parts of Europe
serous Of or producing or containing serum
servitude State of subjection to an owner or master or forced labor imposed as punishment
shirtwaister A blouse with buttons down the front
shoreline A boundary line between land and water
shouter Someone who communicates vocally in a very loud voice
showtime The time at which something is supposed to begin
sigma The 18th letter of the Greek alphabet
silviculture The branch of forestry dealing with the development and care of forests
sketchy Giving only major points; lacking completeness
skyjack Subject an aircraft to air piracy
sleight Adroitness in using the hands
slopshop A store that sells cheap ready-made clothing
slowworm Small burrowing legless European lizard with tiny eyes
snowbell Small tree native to Japan
socage Land tenure by agricultural service or payment of rent
sourball Round piece of tart hard candy
southernwood Shrubby European wormwood naturalized in North America
sphenoid Butterfly-shaped bone at the base of the skull
spillway A channel that carries excess water over or around a dam or other obstruction
spirochaete Parasitic or free-living bacteria; many pathogenic to humans and other animals
splashdown A landing of a spacecraft in the sea at the end of a space flight
splitsville Separation or breakup or divorce
spondee A metrical unit with stressed-stressed syllables
sprinkler Mechanical device that attaches to a garden hose for watering lawn or garden
stachyose A tetrasaccharide found in the tubers of the Chinese artichoke
stanza A fixed number of lines of verse forming a unit of a poem
stationer A merchant who sells writing materials and office supplies
stitchery Needlework on which you are working with needle and thread
stringent Demanding strict attention to rules and procedures
strobile Cone-shaped mass of ovule- or spore-bearing scales or bracts
stupa A dome-shaped shrine erected by Buddhists
stupe A person who is not very bright
substandard Falling short of some prescribed norm
subtilin A polypeptide antibiotic (similar to bacitracin) obtained from a soil bacterium
succotash Fresh corn and lima beans with butter or cream
sudatorium A bathhouse for hot air baths or steam baths
sudsy Resembling lather or covered with lather
sulcate Having deep narrow furrows or grooves
supertax An additional tax on certain kinds of income that has already been taxed
supination Rotation of the hands and forearms so that the palms face upward
surplusage A quantity much larger than is needed
sustainer Someone who upholds or maintains
susurrus The indistinct sound of people whispering
sweetie A person loved by another person
sweltry Excessively hot and humid or marked by sweating and faintness
sybarite A person addicted to luxury and pleasures of the senses
syllogism Deductive reasoning in which a conclusion is derived from two premises
synecdoche Substituting a more inclusive term for a less inclusive one or vice versa
taekwondo A Korean martial art similar to karate
tahini A thick Middle Eastern paste made from ground sesame seeds
tailpiece Appendage added to extend the length of something
tailrace A watercourse that carries water away from a mill or water wheel or turbine
taskmaster Someone who imposes hard or continuous work
tautological Repetition of same sense in different words
taxiway A paved surface in the form of a strip
tektite Thought to derive from meteorites
telemark A turn made in skiing
temptress A woman who is considered to be dangerously seductive
terebinth A Mediterranean tree yielding Chian turpentine
tergiversator A respondent who avoids giving a clear direct answer
termagant A scolding nagging bad-tempered woman
termite Whitish soft-bodied ant-like social insect that feeds on wood
tesseract The four-dimensional analogue of a cube
tetralogy A series of four related works (plays or operas or novels)
thesaurus A book containing a classified list of synonyms
tinpot Inferior (especially of a country's leadership)
tittivation Sprucing up; making decorative additions to
toffy Caramelized sugar cooled in thin sheets
touchback A play in which the opposing team has kicked the football into your end zone
townsfolk The people living in a municipality smaller than a city
toxicologist One who studies the nature and effects of poisons and their treatment
transferor Someone who conveys a title or property to another
treehopper Small leaping insect that sucks juices of branches and twigs
tribulation An annoying or frustrating or catastrophic event
triclinic Having three unequal crystal axes intersecting at oblique angles
tricycle A vehicle with three wheels that is moved by foot pedals
troposphere The lowest atmospheric layer; from 4 to 11 miles high (depending on latitude)
tuffet A low seat or a stool to rest the feet of a seated person
tugrik The basic unit of money in Mongolia
tureen Large deep serving dish with a cover; for serving soups and stews
tutelar Providing protective supervision; watching over or safeguarding
twistwood Vigorous deciduous European treelike shrub common along waysides
tycoon A very wealthy or powerful businessman
uakari Medium-sized tree-dwelling monkey of the Amazon basin
unanimity Everyone being of one mind
undiplomatic Not skilled in dealing with others
undulant Resembling waves in form or outline or motion
unfeminine Not suitable for a woman
unpin Remove the pins from; unfasten the pins of
unpopularity The quality of lacking general approval or acceptance
unresistant Likely to be affected with
unthought So unexpected as to have not been imagined
unwholesome Detrimental to physical or moral well-being
upbound Heading in any direction that is conventionally up
uprooter A person who destroys or ruins or lays waste to
upscale Appropriate for people with good incomes
upturn An upward movement or trend as in business activity
uranologist A physicist who studies astronomy
uropygium Posterior part of a bird's body from which the tail feathers grow
utriculus A small pouch into which the semicircular canals open
uvula A small pendant fleshy lobe at the back of the soft palate
vacillant Uncertain in purpose or action
vacuole A tiny cavity filled with fluid in the cytoplasm of a cell
vanquisher Someone who is victorious by force of arms
verboten Excluded from use or mention
vermiform Resembling a worm; long and thin and cylindrical
vinaigrette Oil and vinegar with mustard and garlic
vinery A farm of grapevines where wine grapes are produced
vinification The process whereby fermentation changes grape juice into wine
voicemail A computerized system for answering and routing telephone calls
vouchee A person called into court to defend a title
waffler Someone who speaks or writes in a vague and evasive manner
wastrel Someone who dissipates resources self-indulgently
weald An area of open or forested country
weirdie Someone unpleasantly strange or eccentric
wholemeal Of or relating to or derived from wheat
widowman A man whose wife is dead especially one who has not remarried
wieldy Easy to handle or use or manage
winceyette Cotton flannelette with a nap on both sides
wingstem Perennial herb with showy yellow flowers; the eastern United States
wooer A man who courts a woman
woosh Move with a sibilant sound
wrawl Cry loudly, as of animals
yoghourt A custard-like food made from curdled milk
yummy Extremely pleasing to the sense of taste
zwieback Slice of sweet raised bread baked again until it is brown and hard and crisp
zymolytic Of or relating to or causing fermentation
`.trim();
